using System.Collections.Immutable;

namespace AkkaMail.Simulator;

/// <summary>How a receiver counts what it allows.</summary>
public enum Counting
{
    /// <summary>At an even pace, a second's worth ahead at most (a token bucket).</summary>
    Bucket,

    /// <summary>So many in each second, minute or hour of its clock: it says nothing for a while, then refuses the rest.</summary>
    Windows,

    /// <summary>So many in any second, minute or hour: what was taken counts until that time is over.</summary>
    Sliding,
}

/// <summary>From <paramref name="From"/> on, by the receiver's clock, it allows this many a second.</summary>
public readonly record struct Allowance(TimeSpan From, double PerSecond);

public readonly record struct Span(TimeSpan From, TimeSpan To)
{
    public bool Covers(TimeSpan at) => at >= From && at < To;
}

/// <summary>
/// A receiver's ways. Times are since the start of the run; shares are 0 to 1. The defaults take everything.
/// </summary>
public sealed record ReceiverModel
{
    /// <summary>Messages it takes of one address, in order of time; none: all.</summary>
    public ImmutableArray<Allowance> Allowed { get; init; } = [];

    /// <summary>Messages a second it takes of all addresses together.</summary>
    public double? AllowedInAll { get; init; }

    /// <summary>What it refuses for its limit counts towards it, as Postfix's own count does.</summary>
    public bool CountsRefused { get; init; }

    /// <summary>What a bucket lets through at once after a rest, in seconds of its rate.</summary>
    public double BucketSeconds { get; init; } = 1;

    /// <summary>It does not answer what is over its limit, and the sender waits until it gives up.</summary>
    public bool IsSilent { get; init; }

    public Counting Counting { get; init; }

    /// <summary>For how long it counts, unless it is a bucket.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How far into a window its clock is when the run begins.</summary>
    public TimeSpan Phase { get; init; }

    /// <summary>Refuses everything of an address for so long after it has overstepped.</summary>
    public TimeSpan Penalty { get; init; }

    /// <summary>What comes meanwhile makes the penalty begin anew.</summary>
    public bool PenaltyBeginsAnew { get; init; }

    /// <summary>Connections of one address at once; more get 421.</summary>
    public int ConnectionsMax { get; init; } = int.MaxValue;

    /// <summary>New connections of one address in any minute; more get 421.</summary>
    public int? ConnectionsPerMinute { get; init; }

    /// <summary>Messages on a connection; the next gets 421, and it is closed.</summary>
    public int MessagesPerConnection { get; init; } = int.MaxValue;

    /// <summary>A recipient not seen before is deferred once; zero: no greylisting (RFC 6647).</summary>
    public TimeSpan Greylist { get; init; }

    public double UnknownUsers { get; init; }
    public double Complaints { get; init; }

    /// <summary>
    /// What it takes grows by this factor with each day of clean mail and is halved by a day of two and a half times
    /// what is usual, with over a tenth of unknown users, or with complaints over 0.3 %. 1: it has no memory.
    /// </summary>
    public double TrustGrowth { get; init; } = 1;

    /// <summary>421 to everything.</summary>
    public ImmutableArray<Span> Storms { get; init; } = [];

    /// <summary>It does not answer at all.</summary>
    public ImmutableArray<Span> Outages { get; init; } = [];

    /// <summary>The address is on a block list: 554 to everything.</summary>
    public ImmutableArray<Span> Listings { get; init; } = [];

    /// <summary>How long an answer takes, half of it sure, half by chance.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// What it takes of one address in all from <paramref name="from"/> to <paramref name="to"/>, at most
    /// <paramref name="most"/> a second.
    /// </summary>
    public double AllowedIn(TimeSpan from, TimeSpan to, double most)
    {
        var sum = 0.0;
        for (var at = from; at < to; at += TimeSpan.FromSeconds(1))
            if (IsOpen(at))
                sum += Math.Min(most, Allowed.LastOrDefault(a => at >= a.From, new(default, most)).PerSecond);
        return sum;
    }

    /// <summary>Neither a storm nor an outage.</summary>
    public bool IsOpen(TimeSpan at) => !Storms.Any(s => s.Covers(at)) && !Outages.Any(o => o.Covers(at));
}
