using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// How a lane stands with its receiver, 0 to 100, from what came of its mail. Counts lose half their weight in 7 days.
/// <code> score = 100 × (1 − min(1, penalty)) × n/(n + 50) + 80 × 50/(n + 50) n: messages with an outcome, decayed
/// penalty = 5 × blocked + 5 × unknown users + 5 × content + 1 × rate-limited + 0.5 × other deferrals + 200 ×
/// complaints − 0.5 × engaged each as a share of n, engaged at most 1; not below 0 </code> So 20 % unknown users or 0.5
/// % complaints alone bring it to 0, and a lane nobody has heard of begins at 80. The receivers' own bounds are behind
/// the weights: complaints from 0.1 % are noticed, from 0.3 % punished.
/// </summary>
public sealed class Reputation
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);
    private const double Prior = 50, PriorScore = 80;

    private readonly double[] _counts = new double[OutcomeCounts.Classes];
    private double _complaints, _engaged;
    private DateTimeOffset _at;

    public double Score(DateTimeOffset now)
    {
        var n = Messages(now);
        if (n <= 0) return PriorScore;
        var penalty = Penalties(now).Sum(p => p.Penalty) - 0.5 * Math.Min(_engaged * WeightAt(now), n) / n;
        return 100 * (1 - Math.Clamp(penalty, 0, 1)) * n / (n + Prior) + PriorScore * Prior / (n + Prior);
    }

    /// <summary>Messages with an outcome, decayed.</summary>
    public double Messages(DateTimeOffset now) => WeightAt(now)
        * _counts.Where((_, i) => i != (int)ReplyClass.Own && i != (int)ReplyClass.Unreachable).Sum();

    /// <summary>Complaints and what was delivered, both decayed: the lane's rate of complaints.</summary>
    public (double Complaints, double Delivered) Complaints(DateTimeOffset now) =>
        (_complaints * WeightAt(now), Of(ReplyClass.Accepted) * WeightAt(now));

    /// <summary>
    /// What costs most: its name (<c>unknown_user</c>, <c>complaints</c>, …) and its share of the messages; null when
    /// nothing costs anything.
    /// </summary>
    public (string Name, double Share)? Worst(DateTimeOffset now) =>
        Penalties(now).Where(p => p.Penalty > 0).OrderByDescending(p => p.Penalty)
            .Select(p => ((string, double)?)(p.Name, p.Share)).FirstOrDefault();

    private (string Name, double Share, double Penalty)[] Penalties(DateTimeOffset now)
    {
        var (weight, n) = (WeightAt(now), Messages(now));
        if (n <= 0) return [];
        (string, double, double) Row(string name, double count, double each) =>
            (name, count * weight / n, each * count * weight / n);
        (string, double, double) Each(ReplyClass c, double each) => Row(c.ToWord(), Of(c), each);
        return
        [
            Each(ReplyClass.Blocked, 5),
            Each(ReplyClass.UnknownUser, 5),
            Each(ReplyClass.Content, 5),
            Row(ReplyClass.RateLimited.ToWord(), Of(ReplyClass.RateLimited) + Of(ReplyClass.TooManyConnections), 1),
            Each(ReplyClass.OtherTransient, 0.5),
            Row("complaints", _complaints, 200),
        ];
    }

    /// <summary>
    /// What the score makes of a rate: all of it from 60 up, then in proportion, a tenth at least.
    /// </summary>
    public static double Factor(double score) => Math.Clamp(score / 60, 0.1, 1);

    public void Add(OutcomeCounts counts, DateTimeOffset at)
    {
        Decay(at);
        for (var i = 0; i < _counts.Length; i++) _counts[i] += counts[(ReplyClass)i];
    }

    public void AddFeedback(int complaints, int engaged, DateTimeOffset at)
    {
        Decay(at);
        _complaints += complaints;
        _engaged += engaged;
    }

    public ReputationState ToState() => new(_at, [.. _counts], _complaints, _engaged);

    public static Reputation From(ReputationState state)
    {
        var reputation = new Reputation { _at = state.At, _complaints = state.Complaints, _engaged = state.Engaged };
        state.Counts.AsSpan()[..Math.Min(state.Counts.Length, OutcomeCounts.Classes)].CopyTo(reputation._counts);
        return reputation;
    }

    private double Of(ReplyClass c) => _counts[(int)c];

    private double WeightAt(DateTimeOffset now) =>
        now <= _at ? 1 : Math.Pow(0.5, (now - _at) / HalfLife);

    private void Decay(DateTimeOffset now)
    {
        var weight = WeightAt(now);
        for (var i = 0; i < _counts.Length; i++) _counts[i] *= weight;
        (_complaints, _engaged) = (_complaints * weight, _engaged * weight);
        if (now > _at) _at = now;
    }
}

/// <summary>A reputation as plain values, for a snapshot.</summary>
public sealed record ReputationState(
    DateTimeOffset At, System.Collections.Immutable.ImmutableArray<double> Counts, double Complaints, double Engaged);

/// <summary>What a reputation's score amounts to; the numbers are stored.</summary>
public enum Standing : byte
{
    [Word("good")] Good = 0,

    /// <summary>It costs speed: below 60 a lane has a part of its rate.</summary>
    [Word("fair")] Fair = 1,

    /// <summary>Receivers have turned away: half of its speed is gone, and more mail makes it worse.</summary>
    [Word("poor")] Poor = 2,
}

/// <summary>From a score to a standing.</summary>
public static class Standings
{
    /// <summary>Where each begins, and how far above that it ends: a score that swings must not ring all day.</summary>
    public const double FairBelow = 60, PoorBelow = 30, Margin = 10;

    public static Standing After(Standing before, double score) =>
        score < PoorBelow || before == Standing.Poor && score < PoorBelow + Margin ? Standing.Poor
        : score < FairBelow || before != Standing.Good && score < FairBelow + Margin ? Standing.Fair
        : Standing.Good;
}
