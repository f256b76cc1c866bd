using System.Collections.Immutable;
using System.Globalization;

namespace AkkaMail.Core.Domains;

/// <summary>
/// A domain mail is sent from, in A-labels. The return path host takes its bounces and is below it, so that SPF aligns
/// (RFC 7489 §3.1.2); the tracking host is below it too, so that links show the sender's name.
/// </summary>
public sealed record SendingDomain(
    string Name, string ReturnPathHost, string TrackingHost, ImmutableArray<DomainKey> Keys)
{
    public const string ReturnPathLabel = "bounce", TrackingLabel = "link";

    /// <summary>Selectors begin so: a domain may have those of others beside ours.</summary>
    public const string SelectorPrefix = "akkamail";

    /// <summary>
    /// Two keys of each algorithm from the first day: the second waits in DNS, and a rotation needs no work there.
    /// </summary>
    public const int KeysPerAlgorithm = 2;

    /// <summary>A domain without keys yet, under the usual host names.</summary>
    public static SendingDomain Of(string name) =>
        new(name, $"{ReturnPathLabel}.{name}", $"{TrackingLabel}.{name}", []);

    /// <summary>The selector of an algorithm's next key: <c>akkamail-r1</c>, <c>akkamail-e1</c> and on.</summary>
    public string NextSelector(DkimAlgorithm algorithm)
    {
        var stem = $"{SelectorPrefix}-{(algorithm == DkimAlgorithm.RsaSha256 ? 'r' : 'e')}";
        var last = Keys.Where(k => k.Algorithm == algorithm && k.Selector.StartsWith(stem, StringComparison.Ordinal))
            .Select(k => int.TryParse(k.Selector.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture,
                out var n) ? n : 0)
            .DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture, $"{stem}{last + 1}");
    }

    /// <summary>The keys that sign what was accepted then: one of each algorithm that has been verified.</summary>
    public IEnumerable<DomainKey> SigningAt(DateTimeOffset acceptedAt) => Keys.Where(k => k.SignsAt(acceptedAt));

    /// <summary>How many keys of an algorithm are to be made so that one waits.</summary>
    public int Wanted(DkimAlgorithm algorithm) => Math.Max(0, KeysPerAlgorithm
        - Keys.Count(k => k.Algorithm == algorithm && k.State is (KeyState.Pending or KeyState.Active)));

    public DomainKey? Find(string selector) => Keys.FirstOrDefault(k => k.Selector == selector);
}
