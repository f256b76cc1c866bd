using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// How a provider is known: by one <see cref="DomainSuffix"/> that fits, or by MX hosts each of which fits one of the
/// others. A suffix ends at a label: <c>.google.com</c> fits <c>google.com</c>, not <c>notgoogle.com</c>.
/// </summary>
public enum MatchKind : byte
{
    /// <summary>An MX host is it or ends so, e.g. <c>.google.com</c>.</summary>
    [Word("MXSuffix")] MXSuffix,

    /// <summary>An MX host has this name.</summary>
    [Word("HostName")] HostName,

    /// <summary>The recipient's domain is it or ends with a dot and it: no DNS needed.</summary>
    [Word("DomainSuffix")] DomainSuffix,
}

public sealed record ProviderMatch(MatchKind Kind, string Value);

/// <summary>A receiver that counts many domains as one. Its name is the site's.</summary>
public sealed record Provider(string Name, ImmutableArray<ProviderMatch> Match)
{
    public Limits Limits { get; init; } = Limits.None;

    /// <summary>Bounds over all sources together.</summary>
    public Rate? TotalRate { get; init; }
    public int? TotalConnections { get; init; }

    public RetryTerms? Retry { get; init; }
}

/// <summary>A domain with an entry of its own is a site of its own, whatever its MX: its faults stay with it.</summary>
public sealed record DomainEntry(string Name)
{
    public Limits Limits { get; init; } = Limits.None;
    public RetryTerms? Retry { get; init; }
}
