using System.Collections.Frozen;
using System.Globalization;

namespace AkkaMail.Core.Domains;

/// <summary>
/// The domain somebody registered: one label below a public suffix (RFC 7489 §3.2). By the list of publicsuffix.org,
/// both its parts: a host below <c>github.io</c> is no colleague of its neighbour.
/// </summary>
public static class OrganizationalDomain
{
    private static readonly Lazy<FrozenSet<string>> Rules = new(Read);

    /// <summary>
    /// Of a domain in A-labels, lower case; a public suffix is its own. A name below no known suffix counts its last
    /// label as one.
    /// </summary>
    public static string Of(string domain)
    {
        domain = domain.TrimEnd('.').ToLowerInvariant();
        var labels = domain.Split('.');
        var suffix = 1;
        for (var from = 0; from < labels.Length; from++)
        {
            var name = string.Join('.', labels[from..]);
            if (Rules.Value.Contains("!" + name)) { suffix = labels.Length - from - 1; break; }
            var above = from + 1 < labels.Length ? "*." + string.Join('.', labels[(from + 1)..]) : "";
            if (Rules.Value.Contains(name) || Rules.Value.Contains(above)) { suffix = labels.Length - from; break; }
        }
        return string.Join('.', labels.TakeLast(suffix + 1));
    }

    /// <summary>Names below it belong to different owners: whoever is asked for one is somebody else.</summary>
    public static bool IsPublicSuffix(string domain) => Of($"x.{domain}") == $"x.{domain}";

    /// <summary>RFC 7489 §3.1: the same domain, or in relaxed mode the same organization.</summary>
    public static bool IsAligned(string from, string other, bool strict) =>
        from.Equals(other, StringComparison.OrdinalIgnoreCase)
        || (!strict && Of(from).Equals(Of(other), StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string> Read()
    {
        var idn = new IdnMapping();
        var rules = new List<string>(10_000);
        using var stream = typeof(OrganizationalDomain).Assembly
            .GetManifestResourceStream("AkkaMail.Core.Domains.public_suffix_list.dat")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal)) continue;
            var (mark, name) = line[0] == '!' ? ("!", line[1..]) : line.StartsWith("*.", StringComparison.Ordinal)
                ? ("*.", line[2..]) : ("", line);
            rules.Add(mark + (System.Text.Ascii.IsValid(name) ? name : idn.GetAscii(name)));
        }
        return rules.ToFrozenSet(StringComparer.Ordinal);
    }
}
