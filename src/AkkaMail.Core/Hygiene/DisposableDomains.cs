using System.Collections.Frozen;

namespace AkkaMail.Core.Hygiene;

/// <summary>
/// Domains whose mailboxes are thrown away after minutes. The list is a public one; forwarding services (duck.com,
/// Firefox Relay) are not on it: a person reads what they forward.
/// </summary>
public static class DisposableDomains
{
    private static readonly Lazy<FrozenSet<string>> Domains =
        new(() => WordList.Read("disposable_domains.txt").ToFrozenSet(StringComparer.Ordinal));

    public static int Count => Domains.Value.Count;

    /// <summary>A domain in A-labels, lower case, or one above it: many take mail for any subdomain.</summary>
    public static bool Has(string domain)
    {
        for (var at = 0; at >= 0; at = domain.IndexOf('.', at) is var dot and >= 0 ? dot + 1 : -1)
            if (Domains.Value.Contains(domain[at..])) return true;
        return false;
    }
}
