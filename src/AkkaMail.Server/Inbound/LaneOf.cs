using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Story;

namespace AkkaMail.Server.Inbound;

/// <summary>Which lane a message went by, for what comes back about it.</summary>
internal static class LaneOf
{
    /// <summary>Of several attempts the one that was answered with 250: what comes back is of that one.</summary>
    public static Attempt? Attempt(MessageStory story) =>
        story.Events.LastOrDefault(e => e.Outcome is { Reply.IsAccepted: true })?.Outcome
        ?? story.Events.LastOrDefault(e => e.Outcome is not null)?.Outcome;

    /// <summary>Null when it was never tried. The source <c>default</c> is told by the address it left from.</summary>
    public static LaneKey? Delivery(MessageStory story, ShapingRules rules) => Attempt(story) is not { } attempt ? null
        : new LaneKey(attempt.Source is { } name && rules.Sources.ContainsKey(name) ? name : Source.DefaultName, attempt.Site);
}
