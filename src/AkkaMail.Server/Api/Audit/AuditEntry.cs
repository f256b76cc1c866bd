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
/// A change: who, what and when. What a change leaves as it is, and what is not of its kind, is absent.
/// </summary>
/// <param name="Type">What was done, as <c>key_created</c>.</param>
/// <param name="At">When.</param>
/// <param name="Number">Its place in the journal of the accounts, counting up.</param>
/// <param name="By">Who did it: the id of a key, <c>admin</c>, or a part of the server.</param>
public sealed record AuditEntry(string Type, DateTimeOffset At, long Number, string By)
{
    /// <summary>The tenant it is about.</summary>
    public string? Tenant { get; init; }

    /// <summary>The key it is about.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key's name.</summary>
    public string? Name { get; init; }

    /// <summary>The title of the tenant or stream.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the tenant is suspended since.</summary>
    public bool? Suspended { get; init; }

    /// <summary>What the key may do.</summary>
    [OneOf("send", "read", "manage", "observe", "admin")]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Where the key may come from.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>When the key ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The tenant's quota since.</summary>
    public QuotaResponse? Quota { get; init; }

    /// <summary>The stream it is about.</summary>
    public string? Stream { get; init; }

    /// <summary>The stream's kind.</summary>
    [WordsOf<StreamKind>]
    public string? Kind { get; init; }

    /// <summary>Whether the stream's mail offers to unsubscribe since.</summary>
    public bool? Unsubscribe { get; init; }

    /// <summary>Whether the stream's mail keeps its envelope sender since.</summary>
    public bool? KeepEnvelopeSender { get; init; }

    /// <summary>Whether HTML alone gets a text in the stream since.</summary>
    public bool? TextFromHtml { get; init; }

    /// <summary>Whether engaged recipients go first in the stream since.</summary>
    public bool? EngagedFirst { get; init; }

    /// <summary>The domain it is about.</summary>
    public string? Domain { get; init; }

    /// <summary>The domain's state since.</summary>
    [WordsOf<DomainStanding>]
    public string? State { get; init; }

    /// <summary>What happened to the domain's keys, as <c>akkamail-r2 active</c>.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>The file whose loss was accepted.</summary>
    public string? File { get; init; }

    /// <summary>Why it was done, as whoever did it has said.</summary>
    public string? Note { get; init; }

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
        TenantClosed e => Of("tenant_closed", numbered) with { Tenant = e.Tenant, Note = e.Note },
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
        KeyRevoked e => Of("key_revoked", numbered) with { KeyId = e.Id, Note = e.Note },
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
            EngagedFirst = e.EngagedFirst,
        },
        StreamChanged e => Of("stream_changed", numbered) with
        {
            Tenant = e.Tenant,
            Stream = e.Name,
            Title = e.Title,
            Unsubscribe = e.Unsubscribe,
            KeepEnvelopeSender = e.KeepEnvelopeSender,
            TextFromHtml = e.TextFromHtml,
            EngagedFirst = e.EngagedFirst,
        },
        StreamDeleted e => Of("stream_deleted", numbered) with { Tenant = e.Tenant, Stream = e.Name, Note = e.Note },
        IDomainEvent e => DomainAudit.Add(Of(DomainAudit.WordOf(e), numbered) with { Domain = e.Domain }, e),
        var other => throw new UnreachableException($"{other.GetType().Name} has no word"),
    };

    private static AuditEntry Of(string type, Numbered<IAccountEvent> numbered) =>
        new(type, numbered.Event.At, numbered.SequenceNr, numbered.Event.By);
}
