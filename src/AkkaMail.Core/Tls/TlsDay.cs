using System.Collections.Immutable;

namespace AkkaMail.Core.Tls;

/// <summary>A day's sessions by policy domain; <paramref name="Dropped"/> are of domains beyond the bound.</summary>
public sealed record TlsDay(DateOnly Day, ImmutableArray<TlsDomain> Domains, long Dropped)
{
    /// <summary>
    /// What nodes counted of one day, together. A policy that changed during the day is that of the last node in the order
    /// given: each knows the one it applied last.
    /// </summary>
    public static TlsDay Sum(DateOnly day, IReadOnlyCollection<TlsDay> parts) => new(
        day,
        [.. parts.SelectMany(p => p.Domains).GroupBy(d => d.Place).OrderBy(d => d.Key, TlsPlace.InOrder)
            .Select(d => new TlsDomain(d.Key.Domain, d.Last().Policy, d.Sum(part => part.Successful),
                [.. d.SelectMany(part => part.Failures).GroupBy(f => (f.Result, f.MxHost))
                    .OrderBy(f => f.Key.Result).ThenBy(f => f.Key.MxHost, StringComparer.Ordinal)
                    .Select(f => new TlsFailure(f.Key.Result, f.Key.MxHost, f.Sum(part => part.Count)))]))],
        parts.Sum(p => p.Dropped));
}

/// <summary>
/// What a domain is told in a report (RFC 8460 §4.2). <paramref name="Policy"/> is the one last applied that day; null:
/// policy type <c>no-policy-found</c>, else <c>sts</c>.
/// </summary>
public sealed record TlsDomain(string Domain, StsPolicy? Policy, long Successful, ImmutableArray<TlsFailure> Failures)
{
    public string PolicyType => Policy is null ? "no-policy-found" : "sts";

    public TlsPlace Place => new(Domain, Policy is not null);
}

/// <summary>Where a domain stands in a day: one that had its policy for a part of the day stands there twice.</summary>
public readonly record struct TlsPlace(string Domain, bool IsSts)
{
    public static Comparer<TlsPlace> InOrder { get; } = Comparer<TlsPlace>.Create((a, b) =>
        string.CompareOrdinal(a.Domain, b.Domain) is not 0 and var order ? order : a.IsSts.CompareTo(b.IsSts));
}

/// <summary>RFC 8460 §4.3; <paramref name="MxHost"/> is null when it never came to a host.</summary>
public sealed record TlsFailure(TlsResult Result, string? MxHost, long Count);
