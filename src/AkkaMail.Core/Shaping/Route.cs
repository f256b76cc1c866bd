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
    public LaneKey Lane => new(Source.Name, Site);
}
