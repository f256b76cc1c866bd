using System.Collections.Immutable;

namespace AkkaMail.Core.Hygiene;

/// <summary>
/// Which mailbox provider a domain was meant to be. Edits are letters too many, too few, wrong, or two swapped
/// (Damerau 1964: four of five typing errors are one of these).
/// </summary>
public static class Misspelling
{
    /// <summary>
    /// A name of at least this length with one edit is hardly by accident near; a short one (<c>sol.com</c> beside
    /// <c>aol.com</c>) is somebody's.
    /// </summary>
    private const int LongName = 9;

    private static readonly Lazy<ImmutableArray<string>> Providers = new(() => WordList.Read("mailbox_providers.txt"));

    /// <summary>
    /// Null when the domain is a provider's itself or near none. Of one that takes mail only a single edit in a long
    /// name is believed; of one that takes none two edits, in a short name one.
    /// </summary>
    public static string? Of(string domain, bool takesMail)
    {
        if (Providers.Value.Contains(domain)) return null;
        string? nearest = null;
        var least = 3;
        foreach (var provider in Providers.Value)
        {
            var believed = Math.Min(least - 1, provider.Length >= LongName ? takesMail ? 1 : 2 : takesMail ? 0 : 1);
            if (believed <= 0 || Math.Abs(provider.Length - domain.Length) > believed) continue;
            var edits = Edits(domain, provider);
            if (edits <= believed) (nearest, least) = (provider, edits);
        }
        return nearest;
    }

    /// <summary>Damerau-Levenshtein distance, optimal string alignment: no letter is edited twice.</summary>
    public static int Edits(string a, string b)
    {
        int[] two = new int[b.Length + 1], one = new int[b.Length + 1], now = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) one[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(Math.Min(one[j], now[j - 1]) + 1, one[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (isSwap) now[j] = Math.Min(now[j], two[j - 2] + 1);
            }
            (two, one, now) = (one, now, two);
        }
        return one[b.Length];
    }
}
