using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>One reply as it comes in: begun before it is answered, reported a little later.</summary>
public sealed record HeardReply(
    DateTimeOffset BegunAt, DateTimeOffset At, DateTimeOffset ReportedAt, ReplyClass Class, int Count, string Tenant,
    string Stream);

/// <summary>
/// What rules must do, said once more and as plainly as possible: each firing holds its target from the reply that
/// fired it for the rule's time, and nothing else does anything.
/// </summary>
internal sealed class HoldOracle(IReadOnlyList<ReactionRule> rules)
{
    private readonly Dictionary<(string Rule, string? Tenant, string? Stream), List<(DateTimeOffset At, int Count)>>
        _counted = [];

    public Dictionary<(string Rule, string? Tenant, string? Stream), (DateTimeOffset From, DateTimeOffset Until)> Holds
    { get; } = [];

    public void Hear(HeardReply heard)
    {
        foreach (var rule in rules.Where(r => r.Class == heard.Class && heard.Class != ReplyClass.Own))
        {
            var target = (rule.Id, rule.Scope == ReactionScope.Lane ? null : heard.Tenant,
                rule.Scope == ReactionScope.Stream ? heard.Stream : null);
            if (Holds.TryGetValue(target, out var hold) && heard.ReportedAt < hold.Until && heard.BegunAt < hold.From)
                continue;
            if (!_counted.TryGetValue(target, out var counted)) _counted.Add(target, counted = []);
            counted.Add((heard.At, heard.Count));
            var sum = counted.Where(c => rule.Threshold is not { } t || c.At > heard.At - t.Per).Sum(c => c.Count);
            if (sum < (rule.Threshold?.Count ?? 1)) continue;
            counted.Clear();
            Holds[target] = (heard.At, heard.At + rule.For);
        }
    }

    /// <summary>What holds at this moment, of any target.</summary>
    public IEnumerable<(ReactionRule Rule, string? Tenant, string? Stream, DateTimeOffset From, DateTimeOffset Until)>
        At(DateTimeOffset now) =>
        from h in Holds
        where now >= h.Value.From && now < h.Value.Until
        select (rules.First(r => r.Id == h.Key.Rule), h.Key.Tenant, h.Key.Stream, h.Value.From, h.Value.Until);

    public bool Stops(string tenant, string stream, DateTimeOffset now) => At(now).Any(h =>
        h.Rule.Reactions.Any(r => r is Reaction.Suspend)
        && (h.Tenant ?? tenant) == tenant && (h.Stream ?? stream) == stream);
}
