using System.Globalization;
using System.Text.Json;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Api.Messages;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>
/// A lane as it is now. Without a <paramref name="Rate"/> nothing bounds it; 0 while nothing is sent. Without an
/// <paramref name="Eta"/> it is not known when the last one waiting will have begun, or nothing waits.
/// </summary>
public sealed record LaneResponse(
    string Source, string Site, string State, LaneRate? Rate, LaneRate? ConfiguredRate, LaneConnections Connections,
    int AtHand, int Credit, long Depth, DateTimeOffset? Eta, LaneReason? Why, NextStep? NextStep,
    IReadOnlyList<HoldResponse> Holds, WarmUpResponse? WarmUp, double Score, string Standing, IReadOnlyList<string> Nodes,
    double? ComplaintRate)
{
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
public sealed record LaneReason(string Rule, string Version, CauseResponse? Cause, string? Note);

/// <summary>When the next step up may be taken, if replies stay clean.</summary>
public sealed record NextStep(DateTimeOffset At);

public sealed record CauseResponse(DateTimeOffset At, string Class, ReplyResponse Reply, string MessageId)
{
    public static CauseResponse? Of(Cause? cause) => cause is null ? null
        : new(cause.At, cause.Class.ToWord(), ReplyResponse.From(cause.Reply, null), cause.Attempt.Message.ToString());
}

/// <summary>A reaction in force; without <paramref name="Until"/> it lasts until somebody lifts it.</summary>
public sealed record HoldResponse(
    int Id, string Kind, string? Value, string Scope, string? Tenant, string? Stream, DateTimeOffset From,
    DateTimeOffset? Until, string Rule, string Version, CauseResponse? Cause, string? Note)
{
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
        return new(h.Id, kind, value, h.Scope.ToString().ToLowerInvariant(), h.Tenant, h.Stream, h.From,
            End(h), h.Rule, h.Version, CauseResponse.Of(h.Cause), h.Note);
    }

    /// <summary>No order and no rule may last longer than a year: what does has no end.</summary>
    public static DateTimeOffset? End(Hold h) => h.Until - h.From > LaneBounds.ForMax ? null : h.Until;
}

/// <summary>
/// Where its warm-up stands; <paramref name="Stage"/> counts from 1, <paramref name="Volume"/> is what the stage allows
/// in an hour or day, <paramref name="Granted"/> what of it nodes have been given.
/// </summary>
public sealed record WarmUpResponse(
    string Plan, int Stage, int? Stages, long Volume, string? Per, long Granted, long? Delivered, bool? Paused)
{
    public static WarmUpResponse? Of(WarmUp? w) => w is null ? null
        : new(w.Plan.Name, w.Stage + 1, w.Plan.Stages.Length, w.Volume, w.Plan.Per == TimeSpan.FromDays(1) ? "day" : "hour",
            w.GrantedInPeriod, w.Delivered, w.IsPaused);
}
