using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;

namespace AkkaMail.Server.Api.Messages;

/// <summary>The way a message will go.</summary>
/// <param name="Source">The source it leaves from.</param>
/// <param name="Site">The site it goes to.</param>
public sealed record WaitingLane(string Source, string Site);

/// <summary>Why a message waits.</summary>
public sealed record WaitingResponse
{
    /// <summary>The way it will go. Absent: not known yet, or another tenant's mail is behind it.</summary>
    public required WaitingLane? Lane { get; init; }

    /// <summary>Since when it waits for that.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What has to give way.</summary>
    [WordsOf<HeldBy>]
    public required string HeldBy { get; init; }

    /// <summary>
    /// What was said that brought it about. Absent: nothing was, or it was said to another tenant's mail.
    /// </summary>
    public required ReplyResponse? Reply { get; init; }

    /// <summary>The rule behind it. Absent as <c>reply</c> is.</summary>
    public required string? Rule { get; init; }

    /// <summary>
    /// Which source of which node it waits for, where <c>held_by</c> is <c>source</c>. Absent as <c>reply</c> is.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>When it ends. Absent: nobody knows.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>When the message begins, if nothing changes. Absent: nobody knows.</summary>
    public required DateTimeOffset? Eta { get; init; }

    /// <summary>About how many messages of the same lane and class begin before it. Absent: nobody knows.</summary>
    public required long? Ahead { get; init; }

    /// <summary>
    /// About how many of <c>ahead</c> go first because their recipients showed life of late, and the stream has
    /// <c>engaged_first</c>. Absent: none.
    /// </summary>
    public required int? EngagedAhead { get; init; }

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
                EngagedAhead = null,
            };
        return new()
        {
            Lane = showsCause && waiting.Lane is { } lane ? new(lane.Source, lane.Site) : null,
            Since = message.DueAt is { } due && due < now ? due : message.UpdatedAt,
            HeldBy = waiting.By.ToWord(),
            Reply = showsCause && waiting.Why?.Cause is { } cause ? ReplyResponse.From(cause.Reply, null) : null,
            Rule = showsCause ? waiting.Why?.Rule : null,
            Detail = showsCause ? waiting.Detail : null,
            Until = waiting.Until,
            Eta = waiting.Eta,
            Ahead = waiting.Ahead,
            EngagedAhead = waiting.EngagedAhead > 0 ? waiting.EngagedAhead : null,
        };
    }

    private static WaitingLane? Known(Attempt? attempt) =>
        attempt is { Source: { } source, ReachedSite: true } ? new(source, attempt.Site) : null;
}

/// <summary>What a receiver answered.</summary>
/// <param name="Code">The SMTP code (RFC 5321 §4.2). 0: no answer came, or a report has only words.</param>
/// <param name="EnhancedCode">The enhanced code (RFC 3463), as <c>5.1.1</c>. Absent: none was given.</param>
/// <param name="Text">The receiver's words, up to 2,048 characters; ours where the code is 0.</param>
public sealed record ReplyResponse(int Code, string? EnhancedCode, string Text)
{
    public static ReplyResponse From(SmtpReply reply, string? recipient) => new(
        reply.Code, reply.Enhanced?.ToString(),
        recipient is null ? reply.Text
            : reply.Text.Replace(SmtpReply.RecipientMark, recipient, StringComparison.Ordinal));
}
