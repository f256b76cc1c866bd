using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Api.Domains;

/// <summary>
/// A sending domain. <paramref name="State"/> is <c>unverified</c>, <c>verified</c> or <c>failing</c>, and since when;
/// a list leaves <paramref name="Keys"/> and <paramref name="Records"/> out.
/// </summary>
public sealed record DomainResponse(
    string Domain, string Tenant, string State, DateTimeOffset StateSince, DateTimeOffset CreatedAt,
    IReadOnlyList<DomainKeyResponse>? Keys = null, IReadOnlyList<RecordResponse>? Records = null)
{
    internal static DomainResponse Of(RegisteredDomain d) =>
        new(d.Name, d.Tenant, d.Standing.ToWord(), d.Since, d.AddedAt);

    /// <summary>By what DNS last said.</summary>
    internal static DomainResponse Of(RegisteredDomain d, InstallationFacts facts)
    {
        var checks = DomainCheck.Judge(DnsRecords.For(d.Domain, facts),
            [.. d.Records.Where(r => r.State != RecordState.Unknown)
                .Select(r => new DnsAnswer(r.Name, r.Type, r.Seen))]);
        return Of(d, [.. checks.Select(c => AsLastJudged(c, d))]);
    }

    /// <summary>SPF and DMARC are judged with what other names say too, which is not kept.</summary>
    private static RecordCheck AsLastJudged(RecordCheck check, RegisteredDomain d) =>
        check.Record.Purpose is RecordPurpose.Spf or RecordPurpose.Dmarc
        && d.Records.FirstOrDefault(r => r.Name == check.Record.Name && r.Type == check.Record.Type) is { } last
        && last.State != check.State && last.State != RecordState.Unknown
            ? check with
            {
                State = last.State,
                Advice = last.State == RecordState.Found ? null : "Verify the domain again to see what to change.",
            }
            : check;

    internal static DomainResponse Of(RegisteredDomain d, ImmutableArray<RecordCheck> checks) => Of(d) with
    {
        Keys = [.. d.Domain.Keys.Select(DomainKeyResponse.Of)],
        Records = [.. checks.Select(RecordResponse.Of)],
    };
}

public sealed record DomainListResponse(IReadOnlyList<DomainResponse> Domains, string? NextCursor);

/// <summary>
/// <paramref name="State"/> is <c>pending</c>, <c>active</c>, <c>retiring</c> (until <paramref name="RetiresAt"/> its
/// record must stay) or <c>retired</c>.
/// </summary>
public sealed record DomainKeyResponse(
    string Selector, string Algorithm, string State, DateTimeOffset? SeenAt, DateTimeOffset? ActiveFrom,
    DateTimeOffset? ActiveUntil, DateTimeOffset? RetiresAt)
{
    internal static DomainKeyResponse Of(DomainKey k) => new(
        k.Selector, k.Algorithm.ToWord(), k.State.ToWord(), k.SeenAt, k.ActiveFrom, k.ActiveUntil,
        k.RetiresAt);
}

/// <summary>
/// A record to publish and how it stands: <c>found</c>, <c>missing</c>, <c>wrong</c> or <c>unknown</c>.
/// </summary>
public sealed record RecordResponse(
    string Purpose, string Name, string Type, string Value, bool Required, string State, IReadOnlyList<string> Seen,
    string? Advice)
{
    internal static RecordResponse Of(RecordCheck c) => new(
        c.Record.Purpose.ToWord(), c.Record.Name, c.Record.Type.Name, c.Record.Value, c.Record.IsRequired,
        c.State.ToWord(), c.Seen, c.Advice);
}

public sealed record AddDomainRequest(string? Domain);

/// <summary><c>rsa</c> or <c>ed25519</c>; left out: both.</summary>
public sealed record RotateDomainRequest(string? Algorithm);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AddDomainRequest))]
[JsonSerializable(typeof(RotateDomainRequest))]
internal sealed partial class DomainJson : JsonSerializerContext;
