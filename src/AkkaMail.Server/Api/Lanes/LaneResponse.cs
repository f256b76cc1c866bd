using System.Globalization;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Api.Messages;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// A lane as it is now. Without a <see cref="Rate"/> nothing bounds it; 0 while nothing is sent. Without an
/// <see cref="Eta"/> it is not known when the last one waiting will have begun, or nothing waits.
/// </summary>
public sealed record LaneResponse
{
    public required string Source { get; init; }
    public required string Site { get; init; }
    public required string State { get; init; }
    public required LaneRate? Rate { get; init; }
    public required LaneRate? ConfiguredRate { get; init; }
    public required LaneConnections Connections { get; init; }
    public required int AtHand { get; init; }
    public required int Credit { get; init; }
    public required long Depth { get; init; }
    public required DateTimeOffset? Eta { get; init; }
    public required LaneReason? Why { get; init; }
    public required NextStep? NextStep { get; init; }
    public required IReadOnlyList<HoldResponse> Holds { get; init; }
    public required WarmUpResponse? WarmUp { get; init; }
    public required double Score { get; init; }

    /// <summary>The share of its rate that the score leaves it, 0.1 to 1.</summary>
    public required double ScoreFactor { get; init; }
    public required string Standing { get; init; }
    public required IReadOnlyList<string> Nodes { get; init; }
    public required double? ComplaintRate { get; init; }

    /// <summary>As a list has it: shorter, for there may be hundreds.</summary>
    public LaneResponse InList() => this with
    {
        WarmUp = WarmUp is null ? null : WarmUp with { Stages = null, Per = null, Delivered = null, Paused = null },
        ComplaintRate = null,
    };
}

public sealed record LaneListResponse(IReadOnlyList<LaneResponse> Lanes, string? NextCursor);

/// <summary>Messages begun: a number a second, and as people say it.</summary>
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

public sealed record LaneConnections(int InUse, int Allowed, int Configured);

/// <summary>What keeps the lane from its configured limits, and the reply that brought that about.</summary>
public sealed record LaneReason(string Rule, string Version, CauseResponse? Cause, string? Note)
{
    public static LaneReason? Of(Slowing? slowing) => slowing is null ? null
        : new(slowing.Rule, slowing.Version ?? "", CauseResponse.Of(slowing.Cause), slowing.Note);
}

/// <summary>When the next step up may be taken, if replies stay clean. Never a time that is over.</summary>
public sealed record NextStep(DateTimeOffset At);

public sealed record CauseResponse(DateTimeOffset At, string Class, ReplyResponse Reply, string MessageId)
{
    public static CauseResponse? Of(Cause? cause) => cause is null ? null
        : new(cause.At, cause.Class.ToWord(), ReplyResponse.From(cause.Reply, null), cause.Attempt.Message.ToString());
}

/// <summary>A reaction in force; without <see cref="Until"/> it lasts until somebody lifts it.</summary>
public sealed record HoldResponse
{
    public required int Id { get; init; }
    public required string Kind { get; init; }
    public required string? Value { get; init; }
    public required string Scope { get; init; }
    public required string? Tenant { get; init; }
    public required string? Stream { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset? Until { get; init; }
    public required string Rule { get; init; }
    public required string Version { get; init; }
    public required CauseResponse? Cause { get; init; }
    public required string? Note { get; init; }
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

/// <summary>
/// Where its warm-up stands; <paramref name="Stage"/> counts from 1, <paramref name="Volume"/> is what the stage allows
/// in an hour or day, <paramref name="Granted"/> what of it nodes have been given.
/// </summary>
public sealed record WarmUpResponse(
    string Plan, int Stage, int? Stages, long Volume, string? Per, long Granted, long? Delivered, bool? Paused)
{
    /// <summary>Of which lanes: <c>lane</c>, this one; <c>source</c>, all of the source's that are no provider's.</summary>
    public required string Scope { get; init; }

    /// <summary>When the volume of now begins anew; null: it is not used up, or is paused.</summary>
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
