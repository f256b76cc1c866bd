using System.Diagnostics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Projecting;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>A page of a list.</summary>
/// <param name="Events">A page of events, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record LaneHistoryResponse(IReadOnlyList<LaneEventResponse> Events, string? NextCursor);

/// <summary>Something that happened to a lane. What is not of its type is absent.</summary>
/// <param name="Type">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Number">Its place in the lane's journal, counting up.</param>
public sealed record LaneEventResponse(
    [OneOf("rate_changed", "connections_changed", "hold_began", "hold_lifted", "outcomes", "feedback", "standing_changed", "warm_up_began", "warm_up_granted", "warm_up_day_ended", "warm_up_paused", "warm_up_resumed", "warm_up_completed")] string Type,
    DateTimeOffset At, long Number)
{
    /// <summary>
    /// Messages a second of a <c>rate_changed</c>, a number of a <c>connections_changed</c>. Absent: the configured
    /// limit.
    /// </summary>
    public double? From { get; init; }

    /// <summary>As <c>from</c>, since then.</summary>
    public double? To { get; init; }

    /// <summary>The rule that decided it.</summary>
    public string? Rule { get; init; }

    /// <summary>The version of the shaping rules.</summary>
    public string? Version { get; init; }

    /// <summary>The reply that brought it about.</summary>
    public CauseResponse? Cause { get; init; }

    /// <summary>The hold that began.</summary>
    public HoldResponse? Hold { get; init; }

    /// <summary>The hold that was lifted.</summary>
    public int? HoldId { get; init; }

    /// <summary>What an operator wrote.</summary>
    public string? Note { get; init; }

    /// <summary>Who ordered it: the id of a key, or <c>admin</c>. Absent: nobody did.</summary>
    public string? By { get; init; }

    /// <summary>What it was decided by.</summary>
    public InputsResponse? Inputs { get; init; }

    /// <summary>What the receiver counts by, as far as is known since then. Absent: by no window.</summary>
    public LaneWindow? Takes { get; init; }

    /// <summary>The minute that was counted.</summary>
    public DateTimeOffset? Minute { get; init; }

    /// <summary>Answers of the minute, by their class.</summary>
    public IReadOnlyDictionary<string, int>? Counts { get; init; }

    /// <summary>Messages begun in the minute.</summary>
    public int? Begun { get; init; }

    /// <summary>The most connections in use at once in the minute.</summary>
    public int? MostInUse { get; init; }

    /// <summary>Messages a second as the minute ended. Absent: no bound.</summary>
    public double? Allowed { get; init; }

    /// <summary>Messages that waited as the minute ended.</summary>
    public int? Waiting { get; init; }

    /// <summary>Complaints that came in.</summary>
    public int? Complaints { get; init; }

    /// <summary>Signs of life that were told.</summary>
    public int? Engaged { get; init; }

    /// <summary>The plan of the warm-up.</summary>
    public string? Plan { get; init; }

    /// <summary>The stage of the warm-up, from 1.</summary>
    public int? Stage { get; init; }

    /// <summary>The stage of the next period.</summary>
    public int? NextStage { get; init; }

    /// <summary>Messages the period has been given.</summary>
    public long? Granted { get; init; }

    /// <summary>Messages that were delivered in the period.</summary>
    public long? Delivered { get; init; }

    /// <summary>When the period ends.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>The standing since.</summary>
    [WordsOf<Standing>]
    public string? Standing { get; init; }

    /// <summary>The standing before.</summary>
    [WordsOf<Standing>]
    public string? StandingBefore { get; init; }

    /// <summary>The score, from 0 to 100.</summary>
    public double? Score { get; init; }

    /// <summary>What costs most.</summary>
    public string? Worst { get; init; }

    /// <summary>How large a part of the messages that is, from 0 to 1.</summary>
    public double? Share { get; init; }

    public static readonly string[] Types =
    [
        "rate_changed", "connections_changed", "hold_began", "hold_lifted", "outcomes", "feedback", "standing_changed", "warm_up_began",
        "warm_up_granted", "warm_up_day_ended", "warm_up_paused", "warm_up_resumed", "warm_up_completed",
    ];

    public static string TypeOf(IGovernorEvent e) => e switch
    {
        RateChanged => "rate_changed",
        ConnectionsChanged => "connections_changed",
        HoldBegan => "hold_began",
        HoldLifted => "hold_lifted",
        OutcomesCounted => "outcomes",
        FeedbackCounted => "feedback",
        StandingChanged => "standing_changed",
        WarmUpBegan => "warm_up_began",
        WarmUpGranted => "warm_up_granted",
        WarmUpDayEnded => "warm_up_day_ended",
        WarmUpPaused => "warm_up_paused",
        WarmUpResumed => "warm_up_resumed",
        WarmUpCompleted => "warm_up_completed",
        _ => throw new UnreachableException($"{e.GetType().Name} has no word"),
    };

    public static LaneEventResponse Of(Numbered<IGovernorEvent> numbered)
    {
        var all = new LaneEventResponse(TypeOf(numbered.Event), numbered.Event.At, numbered.SequenceNr);
        return numbered.Event switch
        {
            RateChanged e => all with
            {
                From = Round(e.From),
                To = Round(e.To),
                Rule = e.Rule,
                Version = e.Version,
                Cause = CauseResponse.Of(e.Cause),
                Inputs = InputsResponse.Of(e.Inputs),
                Takes = LaneWindow.Of(e.Window),
            },
            ConnectionsChanged e => all with
            {
                From = e.From,
                To = e.To,
                Rule = e.Rule,
                Version = e.Version,
                Cause = CauseResponse.Of(e.Cause),
                Inputs = InputsResponse.Of(e.Inputs),
            },
            HoldBegan { Hold: var h, Inputs: var inputs } => all with
            {
                Rule = h.Rule,
                Version = h.Version,
                Cause = CauseResponse.Of(h.Cause),
                Note = h.Note,
                By = h.By,
                Inputs = InputsResponse.Of(inputs),
                Hold = HoldResponse.Of(h),
            },
            HoldLifted e => all with { HoldId = e.Id, Note = e.Note, By = e.By },
            OutcomesCounted e => all with
            {
                Minute = e.Minute,
                Counts = CountsOf(e.Counts),
                Begun = e.Began,
                MostInUse = e.MostInUse,
                Allowed = Round(e.Allowed),
                Waiting = e.Waiting,
                Version = e.Version,
            },
            FeedbackCounted e => all with { Complaints = e.Complaints, Engaged = e.Engaged },
            StandingChanged e => all with
            {
                Standing = e.To.ToWord(),
                StandingBefore = e.From.ToWord(),
                Score = Math.Round(e.Score, 1),
                Worst = e.Worst,
                Share = Math.Round(e.Share, 4),
            },
            WarmUpBegan e => all with { Plan = e.Plan.Name, Stage = 1, By = e.By },
            WarmUpGranted e => all with { Granted = e.Count, Ends = e.Ends },
            WarmUpDayEnded e => all with
            {
                Stage = e.Stage + 1,
                NextStage = e.NextStage + 1,
                Granted = e.Granted,
                Delivered = e.Delivered,
            },
            WarmUpPaused e => all with { Note = e.Note, By = e.By },
            WarmUpResumed e => all with { Note = e.Note, By = e.By },
            WarmUpCompleted e => all with { Note = e.Note, By = e.By },
            var e => throw new UnreachableException($"{e.GetType().Name} is no event of a lane"),
        };
    }

    private static double? Round(double? rate) => rate is { } r ? Math.Round(r, 4) : null;

    /// <summary>The classes there were answers of.</summary>
    private static Dictionary<string, int> CountsOf(OutcomeCounts counts) => Enum.GetValues<ReplyClass>()
        .Where(c => counts[c] > 0).ToDictionary(Words.ToWord, c => counts[c]);
}
