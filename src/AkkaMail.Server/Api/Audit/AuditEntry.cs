using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Streams;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Projecting;
using AkkaMail.Server.Api.Tenants;

namespace AkkaMail.Server.Api.Audit;

/// <summary>
/// Who changed what and when. <paramref name="By"/> is the id of a key, or <c>admin</c>; what a change leaves as it is
/// stands there as it is.
/// </summary>
public sealed record AuditEntry(string Type, DateTimeOffset At, long Number, string By)
{
    public string? Tenant { get; init; }
    public string? KeyId { get; init; }
    public string? Name { get; init; }
    public string? Title { get; init; }
    public bool? Suspended { get; init; }
    public IReadOnlyList<string>? Scopes { get; init; }
    public IReadOnlyList<string>? Networks { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public QuotaResponse? Quota { get; init; }
    public string? Stream { get; init; }
    public string? Kind { get; init; }
    public bool? Unsubscribe { get; init; }
    public bool? KeepEnvelopeSender { get; init; }
    public bool? TextFromHtml { get; init; }
    public string? Domain { get; init; }
    public string? State { get; init; }
    public IReadOnlyList<string>? Keys { get; init; }
    public string? File { get; init; }

    internal static AuditEntry Of(Numbered<IAccountEvent> numbered) => numbered.Event switch
    {
        TenantCreated e => Of("tenant_created", numbered) with
        {
            Tenant = e.Tenant,
            Title = e.Title,
            Quota = QuotaResponse.Of(e.Quota),
        },
        TenantChanged e => Of("tenant_changed", numbered) with
        {
            Tenant = e.Tenant,
            Title = e.Title,
            Suspended = e.IsSuspended,
            Quota = QuotaResponse.Of(e.Quota),
        },
        TenantClosed e => Of("tenant_closed", numbered) with { Tenant = e.Tenant },
        KeyCreated e => Of("key_created", numbered) with
        {
            Tenant = e.Tenant,
            KeyId = e.Id,
            Name = e.Name,
            Scopes = e.Scopes.ToWords(),
            Networks = [.. e.Networks.Select(n => n.ToString())],
            ExpiresAt = e.ExpiresAt,
        },
        KeyChanged e => Of("key_changed", numbered) with
        {
            KeyId = e.Id,
            Name = e.Name,
            Networks = [.. e.Networks.Select(n => n.ToString())],
            ExpiresAt = e.ExpiresAt,
        },
        KeyRevoked e => Of("key_revoked", numbered) with { KeyId = e.Id },
        LossAccepted e => Of("loss_accepted", numbered) with { File = e.File },
        StreamCreated e => Of("stream_created", numbered) with
        {
            Tenant = e.Tenant,
            Stream = e.Name,
            Title = e.Title,
            Kind = e.Kind.ToWord(),
            Unsubscribe = e.Unsubscribe,
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = e.TextFromHtml,
        },
        StreamChanged e => Of("stream_changed", numbered) with
        {
            Tenant = e.Tenant,
            Stream = e.Name,
            Title = e.Title,
            Unsubscribe = e.Unsubscribe,
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = e.TextFromHtml,
        },
        StreamDeleted e => Of("stream_deleted", numbered) with { Tenant = e.Tenant, Stream = e.Name },
        IDomainEvent e => DomainAudit.Add(Of(DomainAudit.WordOf(e), numbered) with { Domain = e.Domain }, e),
        var other => throw new UnreachableException($"{other.GetType().Name} has no word"),
    };

    private static AuditEntry Of(string type, Numbered<IAccountEvent> numbered) =>
        new(type, numbered.Event.At, numbered.SequenceNr, numbered.Event.By);
}
