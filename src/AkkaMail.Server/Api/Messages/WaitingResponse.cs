using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Story;

namespace AkkaMail.Server.Api.Messages;

/// <summary>The way a message will go.</summary>
public sealed record WaitingLane(string Source, string Site);

/// <summary>
/// Why a message waits. <see cref="HeldBy"/> is one of <c>none lookup source rate connections warm_up hold breaker
/// tenant_limit share window paused due</c>. Lane, rule and reply are left out where another tenant's mail is behind
/// them, and each is null where nothing is known.
/// </summary>
public sealed record WaitingResponse
{
    public required WaitingLane? Lane { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required string HeldBy { get; init; }
    public required ReplyResponse? Reply { get; init; }
    public required string? Rule { get; init; }
    public required DateTimeOffset? Until { get; init; }
    public required DateTimeOffset? Eta { get; init; }
    public required long? Ahead { get; init; }

    /// <param name="last">What its own last attempt came to; null: none has ended, or that was not looked up.</param>
    /// <param name="showsCause">Whether the asker may know of the lane and what was said to it.</param>
    public static WaitingResponse? Of(
        Waiting? waiting, MessageView message, StoryEvent? last, bool showsCause, DateTimeOffset now)
    {
        if (waiting is null) return null;
        // What it waits for alone is its own matter: the reply it got, or its time.
        if (waiting.By == Core.Attempts.HeldBy.Due)
            return new()
            {
                Lane = Known(last?.Outcome),
                Since = message.UpdatedAt,
                HeldBy = waiting.By.ToWord(),
                Reply = last?.Outcome is { } outcome ? ReplyResponse.From(outcome.Reply, null) : null,
                Rule = last?.Rule,
                Until = waiting.Until,
                Eta = waiting.Eta,
                Ahead = null,
            };
        return new()
        {
            Lane = showsCause && waiting.Lane is { } lane ? new(lane.Source, lane.Site) : null,
            Since = message.DueAt is { } due && due < now ? due : message.UpdatedAt,
            HeldBy = waiting.By.ToWord(),
            Reply = showsCause && waiting.Why?.Cause is { } cause ? ReplyResponse.From(cause.Reply, null) : null,
            Rule = showsCause ? waiting.Why?.Rule : null,
            Until = waiting.Until,
            Eta = waiting.Eta,
            Ahead = waiting.Ahead,
        };
    }

    private static WaitingLane? Known(Attempt? attempt) =>
        attempt is { Source: { } source, ReachedSite: true } ? new(source, attempt.Site) : null;
}
