using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;

namespace AkkaMail.Core.Leases;

/// <summary>
/// What a node may still begin of a limit: the lease it has, and what it has used of it. When a lease ends and no other
/// comes, it goes on with it for <see cref="Grace"/>, then at a tenth of it, never unlimited; before the first it
/// waits.
/// </summary>
public sealed class Budget(LimitKey limit)
{
    /// <summary>
    /// As long as it takes a cluster to give up a node that is silent and to let its governors begin elsewhere: a lane
    /// need not creep meanwhile. If it is the network that broke, the lane may get this node's part twice for so long.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private Gcra _pace;
    private long _quota;
    private DateTimeOffset _quotaEnds;

    public LimitKey Limit { get; } = limit;
    public Lease? Lease { get; private set; }
    public int InUse { get; private set; }

    /// <summary>What is left of a warm-up's allowance; 0 when there is no warm-up.</summary>
    public long QuotaLeft(DateTimeOffset now) => now < _quotaEnds ? _quota : 0;

    public void Take(Lease lease, DateTimeOffset now)
    {
        if (lease.Serial < Lease?.Serial) return;   // Overtaken by a later one.
        if (lease.Quota is { } quota)
        {
            _quota = (lease.QuotaEnds == _quotaEnds ? QuotaLeft(now) : 0) + quota;
            _quotaEnds = lease.QuotaEnds;
        }
        Lease = lease;
    }

    /// <summary>
    /// That node has died: this one (<paramref name="self"/>) goes on with its part of what that had, also while nobody
    /// governs the lane.
    /// </summary>
    public void Inherit(string node, string self) => Lease = Lease?.Without(node, self);

    /// <summary>
    /// When the next message may begin as far as time decides; null: not before something else changes (a connection
    /// gets free, a lease comes).
    /// </summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        if (Lease is not { } lease) return null;
        if (InUse >= Connections(lease, now)) return null;
        if (lease.State.Holds.Where(h => h.StopsLane(now))
            .Select(h => (DateTimeOffset?)h.Until).Max() is { } until)
            return until;
        if (lease.Quota is not null && QuotaLeft(now) <= 0) return null;
        if (Rate(lease, now) is not { } rate) return now;
        return rate <= 0 ? null : now + _pace.Wait(rate, lease.Burst, now);
    }

    /// <summary>What keeps the next message from beginning; none: nothing, or its first lease is on its way.</summary>
    public HeldBy HeldBy(DateTimeOffset now)
    {
        if (Lease is not { } lease) return Attempts.HeldBy.None;
        if (lease.Quota is not null && QuotaLeft(now) <= 0)
            return lease.State.WarmUp is not { } warmUp ? Attempts.HeldBy.WarmUp
                : warmUp.IsPaused ? Attempts.HeldBy.Paused
                // A day's volume comes in parts: with more of it to be had, the next lease brings some in a moment.
                : warmUp.Left(now) > 0 ? Attempts.HeldBy.None : Attempts.HeldBy.WarmUp;
        if (Rate(lease, now) is { } rate && (rate <= 0 || _pace.Wait(rate, lease.Burst, now) > TimeSpan.Zero))
            return Attempts.HeldBy.Rate;
        return InUse >= Connections(lease, now) ? Attempts.HeldBy.Connections : Attempts.HeldBy.None;
    }

    /// <summary>The same, with its end and its reason, for whoever asks.</summary>
    public Waiting Waits(DateTimeOffset now)
    {
        var by = HeldBy(now);
        return by switch
        {
            Attempts.HeldBy.Rate when Rate(Lease!, now) is > 0 and var rate =>
                new(by, now + _pace.Wait(rate, Lease!.Burst, now)),
            Attempts.HeldBy.WarmUp => new(by, _quotaEnds > now ? _quotaEnds : null) { Why = WarmUpPlan },
            Attempts.HeldBy.Paused => new(by) { Why = WarmUpPlan },
            _ => new(by),
        };
    }

    private Slowing? WarmUpPlan => Lease?.State is { WarmUp: { } warmUp, Version: var version }
        ? new($"warm_up/{warmUp.Plan.Name}", version, null, null) : null;

    /// <summary>What it goes by now; null: nothing yet, or no longer.</summary>
    public Share? Held(DateTimeOffset now) =>
        Lease is { } l && now - Grace < l.Until ? new(l.Rate, l.Connections) : null;

    public bool MayBegin(DateTimeOffset now) => NextAt(now) <= now;

    public void Begin(DateTimeOffset now)
    {
        InUse++;
        if (Lease is not { } lease) return;
        if (lease.Quota is not null) _quota--;
        if (Rate(lease, now) is > 0 and var rate) _pace.Take(rate, now);
    }

    public void End() => InUse--;

    /// <summary>What <paramref name="lease"/> allows at that time; null: no bound.</summary>
    public static double? Rate(Lease lease, DateTimeOffset now) => now - Grace < lease.Until ? lease.Rate
        : Math.Min(lease.Rate ?? double.MaxValue, Math.Max(Adaptation.Floor, (lease.Rate ?? 10) / 10));

    private static int Connections(Lease lease, DateTimeOffset now) =>
        now - Grace < lease.Until ? lease.Connections : Math.Max(1, lease.Connections / 10);
}
