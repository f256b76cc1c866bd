using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes.Observing;

/// <summary>
/// Counts towards the thresholds of rules, for each whom a rule concerns. Not journaled: what a rule then does is.
/// Bounded: beyond <see cref="CountersMax"/> counters the oldest go.
/// </summary>
internal sealed class Firings
{
    private const int CountersMax = 1_000;
    private readonly Dictionary<(string Rule, HoldTarget Target), Queue<(DateTimeOffset At, int Count)>> _counters = [];

    /// <summary>
    /// What was counted if these replies make the rule fire, whose counter then begins anew; else null.
    /// </summary>
    public HoldInputs? Count(ReactionRule rule, HoldTarget target, int count, DateTimeOffset at)
    {
        if (rule.Threshold is not { } threshold) return new(count, null, 1);
        var key = (rule.Id, target);
        if (!_counters.TryGetValue(key, out var counter))
        {
            if (_counters.Count >= CountersMax) _counters.Remove(_counters.MinBy(c => c.Value.LastOrDefault().At).Key);
            _counters.Add(key, counter = new());
        }
        counter.Enqueue((at, count));
        // Each entry is one at least, so that no more are ever needed than the threshold counts.
        while (counter.Peek().At <= at - threshold.Per || counter.Count > threshold.Count) counter.Dequeue();
        var counted = counter.Sum(c => (long)c.Count);
        if (counted < threshold.Count) return null;
        _counters.Remove(key);
        return new((int)Math.Min(counted, int.MaxValue), threshold.Per.TotalSeconds, (int)threshold.Count);
    }
}
