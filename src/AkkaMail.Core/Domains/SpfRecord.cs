using System.Collections.Immutable;

namespace AkkaMail.Core.Domains;

/// <summary>The text of an SPF record (RFC 7208 §4.5), as far as publishing and merging need it.</summary>
public static class SpfRecord
{
    private const string Version = "v=spf1";

    public static bool Is(string text) =>
        text.Equals(Version, StringComparison.OrdinalIgnoreCase)
        || text.StartsWith(Version + " ", StringComparison.OrdinalIgnoreCase);

    public static string Of(IEnumerable<string> terms) => $"{Version} {string.Join(' ', [.. terms, "~all"])}";

    public static ImmutableArray<string> TermsOf(string record) =>
        [.. record.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    /// <summary>Our terms that the record does not allow, or only after an <c>all</c>, where nothing is read.</summary>
    public static ImmutableArray<string> Missing(string record, IEnumerable<string> ours)
    {
        var read = TermsOf(record).TakeWhile(t => !IsAll(t)).Select(t => Normal(t.TrimStart('+')))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. ours.Where(o => !read.Contains(Normal(o)))];
    }

    /// <summary>
    /// One record in place of two, which would be an error (RFC 7208 §4.5): ours go to the front, everything else stays
    /// as it stands, with its own <c>all</c> or <c>redirect</c> at the end.
    /// </summary>
    public static string Merge(string existing, IEnumerable<string> ours)
    {
        var missing = Missing(existing, ours);
        return string.Join(' ', [Version, .. missing, .. TermsOf(existing)]);
    }

    /// <summary>Two records of a name as one.</summary>
    public static string Merge(IReadOnlyList<string> existing, IEnumerable<string> ours)
    {
        var terms = existing.SelectMany(r => TermsOf(r)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var ends = terms.Where(t => IsAll(t) || t.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase)).ToList();
        string[] end = ends.Count == 0 ? [] : [ends.Find(IsAll) ?? ends[0]];
        return Merge(string.Join(' ', [Version, .. terms.Except(ends), .. end]), ours);
    }

    /// <summary>It lets everybody send, and so says nothing.</summary>
    public static bool AllowsAll(string record) =>
        TermsOf(record).Any(t => t.TrimStart('+').Equals("all", StringComparison.OrdinalIgnoreCase));

    private static bool IsAll(string term) =>
        term.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase);

    // One address is a network of full length (RFC 7208 §5.6), and a name is the same with its last dot (§7.3).
    private static string Normal(string term) => WithoutDot(WithoutLength(term));

    private static string WithoutDot(string term) => term.Replace("./", "/", StringComparison.Ordinal).TrimEnd('.');

    private static string WithoutLength(string term) =>
        term.StartsWith("ip4:", StringComparison.OrdinalIgnoreCase) && term.EndsWith("/32", StringComparison.Ordinal)
        || term.StartsWith("ip6:", StringComparison.OrdinalIgnoreCase)
            && term.EndsWith("/128", StringComparison.Ordinal)
            ? term[..term.LastIndexOf('/')] : term;
}
