using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Attempts;

/// <summary>
/// How an attempt left its node's queue. <paramref name="Provider"/> is null of a site that is no provider's,
/// <paramref name="Shaping"/> the version of the rules it went by, <paramref name="ReadyAt"/> when the queue had it.
/// <paramref name="HeldBy"/> is what kept mail of its tenant's stream from that queue last, between the time the
/// message was due and its begin: what gave way, not what took longest. <paramref name="Hold"/> is the id of the lane's hold
/// behind that; null: there was none.
/// </summary>
public sealed record Departure(
    string Pool, string? Provider, string Shaping, DateTimeOffset ReadyAt, HeldBy HeldBy, int? Hold)
{
    public string Pool { get; init => field = WellFormed.Of(value); } = WellFormed.Of(Pool);
    public string? Provider { get; init => field = WellFormed.OrNull(value); } = WellFormed.OrNull(Provider);
}
