using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Why a message has not begun. <paramref name="Until"/> is when that ends by time alone, null: not known, or something
/// else has to happen.
/// </summary>
public sealed record Waiting(HeldBy By, DateTimeOffset? Until = null)
{
    /// <summary>Null: not known yet.</summary>
    public string? Site { get; init; }

    /// <summary>The lane it will go by, as things stand; null: not known yet.</summary>
    public LaneKey? Lane { get; init; }

    /// <summary>The rule behind it, and the reply behind that; null: nobody said anything.</summary>
    public Slowing? Why { get; init; }

    /// <summary>Where the word for what holds it says too little: which source, on which node. Null: it says all.</summary>
    public string? Detail { get; init; }

    /// <summary>When it begins if nothing changes; null: nobody can tell.</summary>
    public DateTimeOffset? Eta { get; init; }

    /// <summary>About how many of its lane and class begin before it; null: not known.</summary>
    public long? Ahead { get; init; }

    /// <summary>Of these, about so many of its own queue go first because their recipients showed life of late.</summary>
    public int EngagedAhead { get; init; }
}

/// <summary>
/// What keeps a lane from its configured limits: by which rule, the reply that brought it about, and the note of who
/// ordered it.
/// </summary>
public sealed record Slowing(string Rule, string? Version, Cause? Cause, string? Note)
{
    /// <summary>The score alone takes a part of its rate.</summary>
    public const string Reputation = "reputation";

    public static Slowing Of(Hold hold) => new(hold.Rule, hold.Version, hold.Cause, hold.Note);

    /// <summary>Null: it goes as configured.</summary>
    public static Slowing? Of(LaneState state, LaneTerms terms, DateTimeOffset now)
    {
        var ofLane = state.Holds.Where(h => h.Covers(now) && h.Target.IsLane).ToList();
        if (ofLane.Where(h => h.Reaction is Reaction.Suspend).MaxBy(h => h.Until) is { } stop) return Of(stop);
        var (pace, factor) = (state.Pace, Lanes.Reputation.Factor(state.Score));
        var version = pace.Version ?? state.Version;
        var slow = ofLane.Where(h => h.Reaction is Reaction.LimitRate).MinBy(RateOf);
        if (slow is not null && state.Rate >= RateOf(slow) * factor * 0.999) return Of(slow);
        if (pace is { Rate: not null, Rule: { } rule }) return new(rule, version, pace.Cause, null);
        if (ofLane.Find(h => h.Reaction is Reaction.LimitConnections) is { } few) return Of(few);
        if (factor < 1) return new(Reputation, version, null, null);
        return state.Connections < terms.Connections ? new(Adaptation.LimitedRule, version, null, null) : null;
    }

    private static double RateOf(Hold h) => ((Reaction.LimitRate)h.Reaction).Rate.PerSecond;
}
