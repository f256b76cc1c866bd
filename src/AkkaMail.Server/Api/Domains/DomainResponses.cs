using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Api.Domains;

/// <summary>A domain that a tenant sends from.</summary>
/// <param name="Domain">Its name, in A-labels.</param>
/// <param name="Tenant">Whose it is.</param>
/// <param name="State">
/// Whether mail from it is accepted: <c>unverified</c> until its records are found, <c>failing</c> when they were and
/// are not any more.
/// </param>
/// <param name="StateSince">Since when it is in that state.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="Keys">Its DKIM keys. Absent in a list.</param>
/// <param name="Records">The records to publish, and how they stand. Absent in a list.</param>
public sealed record DomainResponse(
    string Domain, string Tenant, [WordsOf<DomainStanding>] string State, DateTimeOffset StateSince,
    DateTimeOffset CreatedAt, IReadOnlyList<DomainKeyResponse>? Keys = null,
    IReadOnlyList<RecordResponse>? Records = null)
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

/// <summary>A page of a list.</summary>
/// <param name="Domains">A page of domains, by name.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record DomainListResponse(IReadOnlyList<DomainResponse> Domains, string? NextCursor);

/// <summary>A DKIM key.</summary>
/// <param name="Selector">Its selector: the first part of its record's name.</param>
/// <param name="Algorithm">What it signs with.</param>
/// <param name="State">
/// <c>pending</c> until its record is found, then <c>active</c>; <c>retiring</c> while mail signed with it may still be
/// on its way, then <c>retired</c>.
/// </param>
/// <param name="SeenAt">When its record was found first. Absent: never.</param>
/// <param name="ActiveFrom">Since when it signs. Absent: it has not yet.</param>
/// <param name="ActiveUntil">Until when it signed. Absent: it has not ended.</param>
/// <param name="RetiresAt">Until when its record must stay. Absent: it is not retiring.</param>
public sealed record DomainKeyResponse(
    string Selector, [WordsOf<DkimAlgorithm>] string Algorithm, [WordsOf<KeyState>] string State,
    DateTimeOffset? SeenAt, DateTimeOffset? ActiveFrom, DateTimeOffset? ActiveUntil, DateTimeOffset? RetiresAt)
{
    internal static DomainKeyResponse Of(DomainKey k) => new(
        k.Selector, k.Algorithm.ToWord(), k.State.ToWord(), k.SeenAt, k.ActiveFrom, k.ActiveUntil,
        k.RetiresAt);
}

/// <summary>A record to publish, and how it stands.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="Name">Its name, without a dot at the end.</param>
/// <param name="Type">Its type, as <c>TXT</c>.</param>
/// <param name="Value">What it has to say.</param>
/// <param name="Required">Whether the domain is not verified without it.</param>
/// <param name="State">What DNS said of it last.</param>
/// <param name="Seen">What DNS has there. Empty: nothing, or it was not asked.</param>
/// <param name="Advice">What to change. Absent: nothing.</param>
public sealed record RecordResponse(
    [WordsOf<RecordPurpose>] string Purpose, string Name, string Type, string Value, bool Required,
    [WordsOf<RecordState>] string State, IReadOnlyList<string> Seen, string? Advice)
{
    internal static RecordResponse Of(RecordCheck c) => new(
        c.Record.Purpose.ToWord(), c.Record.Name, c.Record.Type.Name, c.Record.Value, c.Record.IsRequired,
        c.State.ToWord(), c.Seen, c.Advice);
}

/// <summary>A domain to send from.</summary>
/// <param name="Domain">Its name, in letters or A-labels; not a public suffix.</param>
public sealed record AddDomainRequest(
    [Required] string? Domain);

/// <summary>Which keys to follow by the next.</summary>
/// <param name="Algorithm">Those of this algorithm. Left out: both.</param>
public sealed record RotateDomainRequest(
    [WordsOf<DkimAlgorithm>] string? Algorithm);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(AddDomainRequest))]
[JsonSerializable(typeof(RotateDomainRequest))]
internal sealed partial class DomainJson : JsonSerializerContext;
