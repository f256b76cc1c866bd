using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Streams;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Reading;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Api.Domains;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Composition;

namespace AkkaMail.Server.Api.Tenants;

public sealed record AuditResponse(IReadOnlyList<AuditEntry> Events, string? NextCursor);

/// <summary>
/// Who changed what and when. <paramref name="By"/> is the id of a key, or <c>admin</c>; what a change leaves as it is
/// stands there as it is.
/// </summary>
public sealed record AuditEntry(
    string Type, DateTimeOffset At, long Number, string By, string? Tenant = null, string? KeyId = null,
    string? Name = null, string? Title = null, bool? Suspended = null, IReadOnlyList<string>? Scopes = null,
    IReadOnlyList<string>? Networks = null, DateTimeOffset? ExpiresAt = null, QuotaResponse? Quota = null,
    string? Stream = null, string? Kind = null, bool? Unsubscribe = null, string? Domain = null, string? State = null,
    IReadOnlyList<string>? Keys = null)
{
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
        StreamCreated e => Of("stream_created", numbered) with
        {
            Tenant = e.Tenant,
            Stream = e.Name,
            Title = e.Title,
            Kind = e.Kind.ToWord(),
            Unsubscribe = e.Unsubscribe,
        },
        StreamChanged e => Of("stream_changed", numbered) with
        {
            Tenant = e.Tenant,
            Stream = e.Name,
            Title = e.Title,
            Unsubscribe = e.Unsubscribe,
        },
        StreamDeleted e => Of("stream_deleted", numbered) with { Tenant = e.Tenant, Stream = e.Name },
        IDomainEvent e => DomainAudit.Add(Of(DomainAudit.WordOf(e), numbered) with { Domain = e.Domain }, e),
        var other => throw new UnreachableException($"{other.GetType().Name} has no word"),
    };

    private static AuditEntry Of(string type, Numbered<IAccountEvent> numbered) =>
        new(type, numbered.Event.At, numbered.SequenceNr, numbered.Event.By);
}

/// <summary>
/// <c>GET /v1/audit?from=&amp;to=&amp;limit=&amp;cursor=</c>: the journal of the accounts, newest first.
/// </summary>
internal static class GetAudit
{
    public static void MapAudit(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/audit", Audit).WithName("GetAudit")
            .WithSummary("Who changed tenants, streams, keys and domains, and when, newest first")
            .WithDescription("from (inclusive) and to (exclusive) are RFC 3339 times, limit is 1 to 500.")
            .Produces<AuditResponse>().Refuses(422);

    private static async Task<IResult> Audit(
        [AsParameters] AccountParts parts, ActorSystem system, CancellationToken cancel, string? from = null,
        string? to = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (after, before) = (ListQuery.Time("from", from, errors), ListQuery.Time("to", to, errors));
        var (count, upTo) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var newest = parts.View.SequenceNr;
        var page = await JournalPages.Newest<IAccountEvent>(
            Persistence.ReadJournal(system), system.Materializer(), AccountsActor.Id, Math.Min(upTo ?? newest, newest),
            count, after, e => e.At, e => !(e.At >= before), cancel);
        return TypedResults.Json(new AuditResponse([.. page.Events.Select(AuditEntry.Of)],
            page.Next?.ToString(CultureInfo.InvariantCulture)), ApiJson.Default.AuditResponse);
    }
}
