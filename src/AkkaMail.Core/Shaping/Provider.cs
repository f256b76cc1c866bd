using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>How a provider is known; any one that fits suffices.</summary>
public enum MatchKind : byte
{
    /// <summary>Every MX host of the domain ends so, e.g. <c>.google.com</c>.</summary>
    MXSuffix,

    /// <summary>Every MX host of the domain is one of those named so.</summary>
    HostName,

    /// <summary>The recipient's domain is it or ends with a dot and it: no DNS needed.</summary>
    DomainSuffix,
}

public sealed record ProviderMatch(MatchKind Kind, string Value);

/// <summary>A receiver that counts many domains as one. Its name is the site's.</summary>
public sealed record Provider(string Name, ImmutableArray<ProviderMatch> Match)
{
    public Limits Limits { get; init; } = Limits.None;

    /// <summary>Bounds over all sources together.</summary>
    public Rate? TotalRate { get; init; }
    public int? TotalConnections { get; init; }

    public Messages.RetrySchedule? Retry { get; init; }
}

/// <summary>A domain with an entry of its own is a site of its own, whatever its MX: its faults stay with it.</summary>
public sealed record DomainEntry(string Name)
{
    public Limits Limits { get; init; } = Limits.None;
    public Messages.RetrySchedule? Retry { get; init; }
}
