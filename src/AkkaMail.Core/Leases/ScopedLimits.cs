using System.Runtime.InteropServices;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Leases;

/// <summary>
/// Holds that slow one tenant, or a stream of its, on a lane: on each node its part of them, as of the lane itself.
/// </summary>
public sealed class ScopedLimits
{
    private readonly Dictionary<(string Rule, HoldTarget Target), Gcra> _paces = [];

    /// <summary>
    /// Whether one more may begin. <paramref name="running"/> counts what is on the wire and concerns the hold.
    /// </summary>
    public bool MayBegin(
        Lease lease, string tenant, string stream, Func<Hold, int> running, DateTimeOffset now)
    {
        foreach (var hold in lease.State.Holds)
        {
            if (!Slows(hold, tenant, stream, now)) continue;
            var part = PartOf(lease);
            if (hold.Reaction is Reaction.LimitRate r
                && PaceOf(hold).Wait(r.Rate.PerSecond * part, 1, now) > TimeSpan.Zero)
                return false;
            if (hold.Reaction is Reaction.LimitConnections c
                && running(hold) >= Math.Max(1, (int)(c.Connections * part)))
                return false;
        }
        return true;
    }

    public void Begin(Lease lease, string tenant, string stream, DateTimeOffset now)
    {
        foreach (var hold in lease.State.Holds)
            if (Slows(hold, tenant, stream, now) && hold.Reaction is Reaction.LimitRate r)
                PaceOf(hold).Take(r.Rate.PerSecond * PartOf(lease), now);
        if (_paces.Count <= Governor.HoldsMax) return;
        var held = lease.State.Holds.Select(h => (h.Rule, h.Target)).ToHashSet();
        foreach (var key in _paces.Keys.Where(k => !held.Contains(k)).ToList()) _paces.Remove(key);
    }

    private static bool Slows(Hold hold, string tenant, string stream, DateTimeOffset now) =>
        !hold.Target.IsLane && hold.Covers(now) && hold.Target.Concerns(tenant, stream);

    /// <summary>A hold that is renewed goes on where it was.</summary>
    private ref Gcra PaceOf(Hold hold) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_paces, (hold.Rule, hold.Target), out _);

    private static double PartOf(Lease lease) => lease switch
    {
        { Rate: > 0 and var rate, State.Rate: > 0 and var all } => Math.Min(1, rate / all),
        { Connections: > 0 and var some, State.Connections: > 0 and var all } => Math.Min(1, (double)some / all),
        _ => 1,   // Nothing may begin at all.
    };
}
