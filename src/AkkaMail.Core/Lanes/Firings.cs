using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Lanes;

/// <summary>
/// Counts towards the thresholds of rules, for each whom a rule concerns. Not journaled: what a rule then does is.
/// Bounded: beyond <see cref="CountersMax"/> counters the oldest go.
/// </summary>
internal sealed class Firings
{
    private const int CountersMax = 1_000;
    private readonly Dictionary<(string Rule, HoldTarget Target), Queue<(DateTimeOffset At, int Count)>> _counters = [];

    /// <summary>Whether these replies make the rule fire; its counter then begins anew.</summary>
    public bool Count(ReactionRule rule, HoldTarget target, int count, DateTimeOffset at)
    {
        if (rule.Threshold is not { } threshold) return true;
        var key = (rule.Id, target);
        if (!_counters.TryGetValue(key, out var counter))
        {
            if (_counters.Count >= CountersMax) _counters.Remove(_counters.MinBy(c => c.Value.LastOrDefault().At).Key);
            _counters.Add(key, counter = new());
        }
        counter.Enqueue((at, count));
        // Each entry is one at least, so that no more are ever needed than the threshold counts.
        while (counter.Peek().At <= at - threshold.Per || counter.Count > threshold.Count) counter.Dequeue();
        if (counter.Sum(c => (long)c.Count) < threshold.Count) return false;
        _counters.Remove(key);
        return true;
    }
}
