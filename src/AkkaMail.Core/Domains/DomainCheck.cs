using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

/// <summary>
/// What DNS said to one question: all values, TXT strings joined. With a <paramref name="Fault"/> it said nothing.
/// </summary>
public sealed record DnsAnswer(string Name, RecordType Type, ImmutableArray<string> Values, string? Fault = null)
{
    /// <summary>Of an SPF record: what it makes of our sources.</summary>
    public ImmutableArray<SourceVerdict> Sources { get; init; } = [];

    /// <summary>Of a DMARC record that is not there: what the organization's name has; null: it is the same.</summary>
    public DnsAnswer? Above { get; init; }
}

public enum RecordState
{
    [Word("found")] Found,
    [Word("missing")] Missing,
    [Word("wrong")] Wrong,
    [Word("unknown")] Unknown,
}

/// <summary>
/// How a record stands; <paramref name="Advice"/> says what to change, and may say what to consider when it is found.
/// </summary>
public sealed record RecordCheck(DnsRecord Record, RecordState State, ImmutableArray<string> Seen, string? Advice)
{
    /// <summary>What it was judged by; null: it has not been looked up.</summary>
    public DnsAnswer? Answer { get; init; }

    /// <summary>Of a DMARC record that is found: what it asks for mail of this domain.</summary>
    public string? Policy { get; init; }
}

/// <summary>Compares what should be in DNS with what is there, as tolerant as the standards are.</summary>
public static class DomainCheck
{
    public static ImmutableArray<RecordCheck> Judge(
        IEnumerable<DnsRecord> expected, IReadOnlyList<DnsAnswer> answers) =>
        [.. expected.Select(r => Judge(r, answers.FirstOrDefault(a => a.Type == r.Type
            && a.Name.Equals(r.Name, StringComparison.OrdinalIgnoreCase))))];

    /// <summary>A mail can be signed and aligned: everything required is there.</summary>
    public static bool IsVerified(IEnumerable<RecordCheck> checks) =>
        checks.All(c => c.State == RecordState.Found || !c.Record.IsRequired);

    private static RecordCheck Judge(DnsRecord record, DnsAnswer? answer)
    {
        if (answer is null) return new(record, RecordState.Unknown, [], "It has not been looked up.");
        // Not "missing": a name server that is away must not stop a domain's mail.
        if (answer.Fault is { } fault)
            return new(record, RecordState.Unknown, [], $"DNS did not answer: {fault}.") { Answer = answer };
        if (record.Purpose == RecordPurpose.Dmarc) return DmarcRecord.Judge(record, answer) with { Answer = answer };
        var (state, advice) = record.Purpose switch
        {
            RecordPurpose.Dkim => Dkim(record, answer.Values),
            RecordPurpose.Spf => Spf(record, answer),
            _ when record.Type == RecordType.Mx => Mx(record, answer.Values),
            _ when record.Type == RecordType.Cname => Host(record, answer.Values),
            RecordPurpose.MtaSts => Tagged(record, answer.Values, "STSv1", "id"),
            _ => Tagged(record, answer.Values, "TLSRPTv1", "rua"),
        };
        return new(record, state, answer.Values, advice) { Answer = answer };
    }

    internal static RecordCheck Missing(DnsRecord record, DnsAnswer answer)
    {
        var (state, advice) = Missing(record);
        return new(record, state, answer.Values, advice);
    }

    private static (RecordState, string?) Missing(DnsRecord record) =>
        (RecordState.Missing, $"Publish {record.Type.Name} at {record.Name}: {record.Value}");

    private static (RecordState, string?) Wrong(string advice) => (RecordState.Wrong, advice);

    private static (RecordState, string?) Dkim(DnsRecord record, ImmutableArray<string> values)
    {
        if (values.IsEmpty) return Missing(record);
        // RFC 6376 §3.6.2.2: with several the result is undefined.
        if (values.Length > 1) return Wrong($"There are {values.Length} TXT records; leave only: {record.Value}");
        if (TagList.Parse(values[0]) is not { } tags)
            return Wrong($"It is no list of tags; replace it by: {record.Value}");
        var ours = TagList.Parse(record.Value)!;
        if (tags["v"] is { } v && (v != "DKIM1" || tags.First != "v")) return Wrong("v=DKIM1 has to be its first tag.");
        if ((tags["k"] ?? "rsa") != ours["k"])
            return Wrong($"k= is '{tags["k"] ?? "rsa"}' and should be '{ours["k"]}'.");
        if (tags["p"] is not { } p) return Wrong($"p= is missing; replace it by: {record.Value}");
        if (p.Length == 0) return Wrong($"p= is empty, which revokes the key; replace it by: {record.Value}");
        if (TagList.WithoutSpace(p) != ours["p"])
            return Wrong(ours["p"]!.StartsWith(TagList.WithoutSpace(p), StringComparison.Ordinal)
                ? $"p= is cut off; publish it whole, in strings of at most 255 characters: {record.Value}"
                : $"p= is another key's; replace it by: {record.Value}");
        if (tags["h"] is { } h && !Words(h).Contains("sha256"))
            return Wrong("h= does not allow sha256; leave the tag out.");
        if (tags["s"] is { } s && !Words(s).Any(w => w is "*" or "email"))
            return Wrong("s= does not allow email; leave it out.");
        return (RecordState.Found, tags["t"] is { } t && Words(t).Contains("y")
            ? "t=y says the key is being tested, and some receivers ignore such signatures; take it out." : null);
    }

    private static string[] Words(string list) => TagList.WithoutSpace(list).Split(':');

    /// <summary>
    /// Right is what lets our sources send, however it is written (RFC 7208 §5.2, §6.1). A term of ours that has no
    /// verdict has to be there by its words.
    /// </summary>
    private static (RecordState, string?) Spf(DnsRecord record, DnsAnswer answer)
    {
        var records = answer.Values.Where(SpfRecord.Is).ToList();
        var ours = SpfRecord.TermsOf(record.Value)[..^1];
        if (records.Count == 0) return Missing(record);
        if (records.Count > 1)
            return Wrong($"There are {records.Count} SPF records, which is an error; merge them: "
                + SpfRecord.Merge(records, ours));
        if (SpfRecord.AllowsAll(records[0])) return Wrong("It ends in +all and allows everybody; end it in ~all.");
        if (answer.Sources.FirstOrDefault(s => s.Outcome == SourceOutcome.Error) is { } error)
            return Wrong($"Receivers cannot evaluate it: {error.Reason}.");
        var refused = answer.Sources.Where(s => s.Outcome == SourceOutcome.Refused).ToList();
        var missing = SpfRecord.Missing(records[0], ours).Except(answer.Sources.Select(s => s.Term)).ToList();
        if (refused.Count == 0 && missing.Count == 0)
            return answer.Sources.FirstOrDefault(s => s.Outcome == SourceOutcome.Unknown) is { } unknown
                ? (RecordState.Unknown, $"Whether it allows {unknown.Address} cannot be told now: {unknown.Reason}.")
                : (RecordState.Found, null);
        var who = refused.Count == 0 ? string.Join(", ", missing)
            : string.Join(", ", refused.Select(r => r.Address).Distinct().Take(3));
        return Wrong($"It does not allow our sources ({who}); merge them into the record there is, do not add a second: "
            + SpfRecord.Merge(records[0], [.. refused.Select(r => r.Term).Distinct(), .. missing]));
    }

    private static (RecordState, string?) Mx(DnsRecord record, ImmutableArray<string> values)
    {
        if (values.IsEmpty) return Missing(record);
        var ours = HostOf(record.Value);
        var ranked = values.Select(v => (Preference: PreferenceOf(v), Host: HostOf(v)))
            .OrderBy(m => m.Preference).ToList();
        if (!ranked.Exists(m => m.Host == ours)) return Wrong($"It leads elsewhere; replace it by: {record.Value}");
        return ranked.TrueForAll(m => m.Host == ours) ? (RecordState.Found, null)
            : Wrong($"Other hosts would take our bounces too; leave only: {record.Value}");
    }

    private static int PreferenceOf(string mx) =>
        int.TryParse(mx.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture, out var preference)
            ? preference : 0;

    private static string HostOf(string value) => value[(value.LastIndexOf(' ') + 1)..].TrimEnd('.').ToLowerInvariant();

    private static (RecordState, string?) Host(DnsRecord record, ImmutableArray<string> values) =>
        values.IsEmpty ? Missing(record)
        : values.Any(v => HostOf(v) == HostOf(record.Value)) ? (RecordState.Found, null)
        : Wrong($"It leads to {values[0]}; replace it by: {record.Value}");

    private static (RecordState, string?) Tagged(
        DnsRecord record, ImmutableArray<string> values, string version, string needed)
    {
        var records = values.Where(v => v.StartsWith($"v={version}", StringComparison.Ordinal)).ToList();
        if (records.Count == 0) return Missing(record);
        return records.Count == 1 && TagList.Parse(records[0])?[needed] is { Length: > 0 } ? (RecordState.Found, null)
            : Wrong($"There must be one with v={version} and {needed}=: {record.Value}");
    }
}
