using System.Globalization;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Api.Messages;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>A lane as it is now: a source as one site sees it.</summary>
public sealed record LaneResponse
{
    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>The site; <c>*</c> is a source's warm-up with all receivers that are no provider.</summary>
    public required string Site { get; init; }

    /// <summary>How it does, in a word.</summary>
    [OneOf("running", "limited", "suspended", "warming_up", "source_missing", "no_lease", "idle")]
    public required string State { get; init; }

    /// <summary>How fast it may go. Absent: as fast as it likes. 0: nothing is sent.</summary>
    public required LaneRate? Rate { get; init; }

    /// <summary>How fast it might go by the rules. Absent: as fast as it likes.</summary>
    public required LaneRate? ConfiguredRate { get; init; }

    /// <summary>How many connections it has.</summary>
    public required LaneConnections Connections { get; init; }

    /// <summary>Messages that lie ready, on all nodes.</summary>
    public required int AtHand { get; init; }

    /// <summary>Messages that nodes would take in beside them.</summary>
    public required int Credit { get; init; }

    /// <summary>Messages that wait for it, those at hand included.</summary>
    public required long Depth { get; init; }

    /// <summary>
    /// When the last one waiting will have begun, if nothing changes. Absent: nobody knows, or nothing waits.
    /// </summary>
    public required DateTimeOffset? Eta { get; init; }

    /// <summary>What keeps it from its configured limits. Absent: nothing does.</summary>
    public required LaneReason? Why { get; init; }

    /// <summary>What the receiver counts by, as the lane has found out. Absent: by no window that is known.</summary>
    public required LaneWindow? Takes { get; init; }

    /// <summary>The next step up. Absent: there is none to come.</summary>
    public required NextStep? NextStep { get; init; }

    /// <summary>What is in force on it by rules and operators.</summary>
    public required IReadOnlyList<HoldResponse> Holds { get; init; }

    /// <summary>Where its warm-up stands. Absent: there is none.</summary>
    public required WarmUpResponse? WarmUp { get; init; }

    /// <summary>How it stands with the receiver, from 0 to 100.</summary>
    public required double Score { get; init; }

    /// <summary>The part of its rate that the score leaves it, from 0.1 to 1.</summary>
    public required double ScoreFactor { get; init; }

    /// <summary>The score in a word.</summary>
    [WordsOf<Standing>]
    public required string Standing { get; init; }

    /// <summary>The nodes that send on it.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>
    /// Complaints as a part of what was delivered. Absent in a list, and while nothing was delivered.
    /// </summary>
    public required double? ComplaintRate { get; init; }

    /// <summary>
    /// Nodes that did not answer within a second: what they have of it is missing. Absent: all answered; in a list it
    /// stands beside the lanes.
    /// </summary>
    public IReadOnlyList<string>? SilentNodes { get; init; }

    /// <summary>As a list has it: shorter, for there may be hundreds.</summary>
    public LaneResponse InList() => this with
    {
        WarmUp = WarmUp is null ? null : WarmUp with { Stages = null, Per = null, Delivered = null, Paused = null },
        ComplaintRate = null,
    };
}

/// <summary>A page of a list.</summary>
/// <param name="Lanes">A page of lanes, by source and site.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
/// <param name="SilentNodes">Nodes that did not answer within a second: what they have of the lanes is missing. Absent: all
/// answered.</param>
public sealed record LaneListResponse(
    IReadOnlyList<LaneResponse> Lanes, string? NextCursor, IReadOnlyList<string>? SilentNodes);

/// <summary>Messages begun over time.</summary>
/// <param name="PerSecond">Messages a second.</param>
/// <param name="Text">The same as people say it, as <c>10/min</c>.</param>
public sealed record LaneRate(double PerSecond, string Text)
{
    public static LaneRate? Of(double? perSecond) =>
        perSecond is { } rate ? new(Math.Round(rate, 4), Words(rate)) : null;

    public static LaneRate? Of(Rate? rate) => rate is null ? null : new(rate.PerSecond, rate.ToString());

    /// <summary>By the second, or by the minute or hour where a second has less than one.</summary>
    public static string Words(double rate)
    {
        var (value, unit) = rate is 0 or >= 1 ? (rate, "s") : rate * 60 >= 1 ? (rate * 60, "min") : (rate * 3600, "h");
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#}/{unit}");
    }
}

/// <summary>Connections of a lane.</summary>
/// <param name="InUse">How many nodes have open, together.</param>
/// <param name="Allowed">How many there may be on all nodes now.</param>
/// <param name="Configured">How many there might be by the rules.</param>
public sealed record LaneConnections(int InUse, int Allowed, int Configured);

/// <summary>What keeps a lane from its configured limits.</summary>
/// <param name="Rule">The rule behind it.</param>
/// <param name="Version">The version of the shaping rules.</param>
/// <param name="Cause">The reply that brought it about. Absent: none did.</param>
/// <param name="Note">What an operator wrote. Absent: nobody did.</param>
public sealed record LaneReason(string Rule, string Version, CauseResponse? Cause, string? Note)
{
    public static LaneReason? Of(Slowing? slowing) => slowing is null ? null
        : new(slowing.Rule, slowing.Version ?? "", CauseResponse.Of(slowing.Cause), slowing.Note);
}

/// <summary>So many messages in so long.</summary>
/// <param name="Messages">Messages that go into it.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="Seen">How often it has been seen to fill up.</param>
/// <param name="Tried">In how many of them it was asked for as much, or for more: those in which it did fill up, and those in
/// which it took more.</param>
public sealed record LaneWindow(int Messages, double Seconds, int Seen, int Tried)
{
    public static LaneWindow? Of(CountWindow? window) =>
        window is null ? null : new(window.Messages, Math.Round(window.Period.TotalSeconds, 1), window.Seen, window.Tried);
}

/// <summary>A step up, if replies stay clean.</summary>
/// <param name="At">When it may be taken. Never a time that is over.</param>
public sealed record NextStep(DateTimeOffset At);

/// <summary>A reply that changed a lane.</summary>
/// <param name="At">When it came.</param>
/// <param name="Class">How it was read.</param>
/// <param name="Reply">The reply.</param>
/// <param name="MessageId">The message it was said to.</param>
public sealed record CauseResponse(
    DateTimeOffset At, [WordsOf<ReplyClass>] string Class, ReplyResponse Reply, string MessageId)
{
    public static CauseResponse? Of(Cause? cause) => cause is null ? null
        : new(cause.At, cause.Class.ToWord(), ReplyResponse.From(cause.Reply, null), cause.Attempt.Message.ToString());
}

/// <summary>A reaction in force.</summary>
public sealed record HoldResponse
{
    /// <summary>Its number on the lane.</summary>
    public required int Id { get; init; }

    /// <summary>What it does.</summary>
    [OneOf("suspend", "limit_rate", "limit_connections")]
    public required string Kind { get; init; }

    /// <summary>The rate, as <c>10/min</c>, or the number of connections. Absent: it stops everything.</summary>
    public required string? Value { get; init; }

    /// <summary>What it holds up.</summary>
    [WordsOf<ReactionScope>]
    public required string Scope { get; init; }

    /// <summary>Whose mail it holds up. Absent: everybody's.</summary>
    public required string? Tenant { get; init; }

    /// <summary>The stream it holds up. Absent: all.</summary>
    public required string? Stream { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when. Absent: until somebody lifts it.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>The rule that ordered it, or <c>operator</c>.</summary>
    public required string Rule { get; init; }

    /// <summary>The version of the shaping rules.</summary>
    public required string Version { get; init; }

    /// <summary>The reply that brought it about. Absent: none did.</summary>
    public required CauseResponse? Cause { get; init; }

    /// <summary>What an operator wrote. Absent: nobody did.</summary>
    public required string? Note { get; init; }

    /// <summary>Who ordered it: the id of a key, or <c>admin</c>. Absent: a rule did.</summary>
    public required string? By { get; init; }

    public static HoldResponse Of(Hold h)
    {
        var (kind, value) = h.Reaction switch
        {
            Reaction.Suspend => ("suspend", null),
            Reaction.LimitRate r => ("limit_rate", r.Rate.ToString()),
            Reaction.LimitConnections c =>
                ("limit_connections", c.Connections.ToString(CultureInfo.InvariantCulture)),
            var other => throw new System.Diagnostics.UnreachableException($"{other} holds nothing"),
        };
        return new()
        {
            Id = h.Id,
            Kind = kind,
            Value = value,
            Scope = h.Target.Scope.ToWord(),
            Tenant = h.Target.Tenant,
            Stream = h.Target.Stream,
            From = h.From,
            Until = h.EndsAt,
            Rule = h.Rule,
            Version = h.Version,
            Cause = CauseResponse.Of(h.Cause),
            Note = h.Note,
            By = h.By,
        };
    }
}

/// <summary>Where a warm-up stands.</summary>
/// <param name="Plan">The plan of the shaping rules.</param>
/// <param name="Stage">The stage it is in, from 1.</param>
/// <param name="Stages">How many there are. Absent in a list.</param>
/// <param name="Volume">Messages the stage allows in an hour or day.</param>
/// <param name="Per">Whether it is an hour or a day. Absent in a list.</param>
/// <param name="Granted">How many of them nodes have been given.</param>
/// <param name="Delivered">How many were delivered in the period. Absent in a list.</param>
/// <param name="Paused">Whether somebody has paused it. Absent in a list.</param>
public sealed record WarmUpResponse(
    string Plan, int Stage, int? Stages, long Volume, [OneOf("hour", "day")] string? Per, long Granted,
    long? Delivered, bool? Paused)
{
    /// <summary>Of which lanes: this one, or all of the source's that are no provider's.</summary>
    [OneOf("lane", "source")]
    public required string Scope { get; init; }

    /// <summary>When the volume begins anew. Absent: it is not used up, or is paused.</summary>
    public DateTimeOffset? UsedUpUntil { get; init; }

    public static WarmUpResponse? Of(WarmUp? w, bool isOfSource, DateTimeOffset now) => w is null ? null
        : new(w.Plan.Name, w.Stage + 1, w.Plan.Stages.Length, w.Volume,
            w.Plan.Per == TimeSpan.FromDays(1) ? "day" : "hour", now < w.PeriodEnds ? w.GrantedInPeriod : 0, w.Delivered,
            w.IsPaused)
        {
            Scope = isOfSource ? "source" : "lane",
            UsedUpUntil = !w.IsPaused && w.Left(now) <= 0 ? w.PeriodEnds : null,
        };
}
