using System.Diagnostics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Projecting;

namespace AkkaMail.Server.Api.Lanes;

public sealed record LaneHistoryResponse(IReadOnlyList<LaneEventResponse> Events, string? NextCursor);

/// <summary>
/// Something that happened to a lane. <see cref="From"/> and <see cref="To"/> are messages a second of a
/// <c>rate_changed</c> and a number of a <c>connections_changed</c>; without one it is the configured limit.
/// </summary>
public sealed record LaneEventResponse(string Type, DateTimeOffset At, long Number)
{
    public double? From { get; init; }
    public double? To { get; init; }
    public string? Rule { get; init; }
    public string? Version { get; init; }
    public CauseResponse? Cause { get; init; }
    public HoldResponse? Hold { get; init; }
    public int? HoldId { get; init; }
    public string? Note { get; init; }

    /// <summary>Who ordered it: the id of an API key, <c>admin</c>; null: nobody did.</summary>
    public string? By { get; init; }
    public InputsResponse? Inputs { get; init; }
    public DateTimeOffset? Minute { get; init; }
    public IReadOnlyDictionary<string, int>? Counts { get; init; }
    public int? Begun { get; init; }
    public int? MostInUse { get; init; }

    /// <summary>Messages a second as the minute of <c>outcomes</c> ended; null: no bound.</summary>
    public double? Allowed { get; init; }
    public int? Waiting { get; init; }
    public int? Complaints { get; init; }
    public int? Engaged { get; init; }
    public string? Plan { get; init; }
    public int? Stage { get; init; }
    public int? NextStage { get; init; }
    public long? Granted { get; init; }
    public long? Delivered { get; init; }
    public DateTimeOffset? Ends { get; init; }
    public string? Standing { get; init; }
    public string? StandingBefore { get; init; }
    public double? Score { get; init; }
    public string? Worst { get; init; }
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
