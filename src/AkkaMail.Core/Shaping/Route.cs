using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// Delivers one message on its lane's way and says how it went. Every outcome is a value: it throws only when
/// cancelled.
/// </summary>
public delegate Task<Attempt> Deliver(DueMessage message, Route route, CancellationToken cancel);

/// <summary>The way an attempt takes, and what holds there; decided by its lane.</summary>
public sealed record Route(Source Source, string Site, LaneLimits Limits)
{
    /// <summary>Whose the site is; null: no provider's.</summary>
    public string? Provider { get; init; }

    /// <summary>The version of the rules that say so.</summary>
    public string Shaping { get; init; } = "";

    public LaneKey Lane => new(Source.Name, Site);
}
