using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>What to stop, and why.</summary>
/// <param name="For">
/// How long, as <c>90s</c>, <c>30m</c>, <c>2h</c> or <c>3d</c>, up to 365 days. Left out: until somebody resumes it.
/// </param>
/// <param name="Scope">The whole <c>lane</c> (left out), or on it a <c>tenant</c>, or its <c>stream</c>.</param>
/// <param name="Tenant">The tenant, in the scopes <c>tenant</c> and <c>stream</c>.</param>
/// <param name="Stream">The stream, in the scope <c>stream</c>.</param>
/// <param name="Note">Why, for whoever looks at the lane next.</param>
public sealed record SuspendRequest(
    string? For, [WordsOf<ReactionScope>] string? Scope, [MaxLength(LaneBounds.NameMax)] string? Tenant,
    [MaxLength(LaneBounds.NameMax)] string? Stream, [Required, MaxLength(LaneBounds.NoteMax)] string? Note)
{
    internal LaneOrder ToOrder(FieldErrors errors)
    {
        var read = Words.Parse<ReactionScope>(Scope ?? ReactionScope.Lane.ToWord());
        if (read is null) errors.Add("scope", $"must be one of {string.Join(", ", Words.Of<ReactionScope>())}");
        var scope = read ?? ReactionScope.Lane;
        errors.Check("tenant", LaneRules.Name(Tenant, isNeeded: scope is not ReactionScope.Lane, Scope ?? "lane"));
        errors.Check("stream", LaneRules.Name(Stream, isNeeded: scope is ReactionScope.Stream, Scope ?? "lane"));
        return new LaneOrder.Suspend(new(scope, Tenant, Stream), LaneRules.Time(For, errors),
            LaneRules.Note(Note, isNeeded: true, errors));
    }
}

/// <summary>Bounds beside all others, in place of an earlier order's: a rate, connections, or both.</summary>
/// <param name="Rate">Messages over time, as <c>10/min</c>.</param>
/// <param name="Connections">How many connections.</param>
/// <param name="For">
/// How long, as <c>90s</c>, <c>30m</c>, <c>2h</c> or <c>3d</c>, up to 365 days. Left out: until somebody lifts it.
/// </param>
/// <param name="Lift"><c>true</c>, and nothing else but a note: the earlier limit is taken away.</param>
/// <param name="Note">Why, for whoever looks at the lane next. Needed, unless it lifts.</param>
public sealed record LimitRequest(
    string? Rate, [Range(1, LaneBounds.ConnectionsMax)] int? Connections, string? For, bool? Lift,
    [MaxLength(LaneBounds.NoteMax)] string? Note)
{
    internal LaneOrder ToOrder(FieldErrors errors)
    {
        Rate? rate = null;
        if (Rate is not null && !Core.Rules.Rate.TryParse(Rate, out rate, out var problem))
            errors.Add("rate", problem);
        if (Connections is < 1 or > LaneBounds.ConnectionsMax)
            errors.Add("connections", $"must be 1 to {LaneBounds.ConnectionsMax}");
        var isLift = Lift is true;
        if (!isLift && Rate is null && Connections is null)
            errors.Add("rate", "or connections is needed, or lift to take an earlier limit away");
        if (isLift && (Rate ?? For ?? (object?)Connections) is not null)
            errors.Add("lift", "stands alone: it takes the earlier limit away");
        return new LaneOrder.Limit(rate, Connections, LaneRules.Time(For, errors),
            LaneRules.Note(Note, isNeeded: !isLift, errors));
    }
}

/// <summary>What an operator wishes to say.</summary>
/// <param name="Note">Why, for whoever looks at the lane next.</param>
public sealed record NoteRequest(
    [MaxLength(LaneBounds.NoteMax)] string? Note)
{
    internal string Read(FieldErrors errors) => LaneRules.Note(Note, isNeeded: false, errors);
}

/// <summary>A warm-up to begin.</summary>
/// <param name="Plan">A plan of the shaping rules.</param>
public sealed record StartWarmUpRequest(
    [Required] string? Plan)
{
    internal LaneOrder ToOrder(ShapingRules rules, FieldErrors errors)
    {
        var plan = rules.WarmUpPlans.GetValueOrDefault(Plan ?? "");
        if (plan is null)
            errors.Add("plan", $"must be one of {string.Join(", ", rules.WarmUpPlans.Keys.Order(StringComparer.Ordinal))}");
        return new LaneOrder.StartWarmUp(plan!, "");
    }
}

internal static class LaneRules
{
    public static string Note(string? text, bool isNeeded, FieldErrors errors)
    {
        var note = text?.Trim() ?? "";
        if (isNeeded && note.Length == 0) errors.Add("note", "is required: say why, for whoever looks at the lane next");
        if (note.Length > LaneBounds.NoteMax) errors.Add("note", $"has more than {LaneBounds.NoteMax} characters");
        return note;
    }

    public static TimeSpan? Time(string? text, FieldErrors errors)
    {
        if (text is null) return null;
        if (Durations.Read(text) is not { } time) errors.Add("for", "is not a duration: write 90s, 30m, 2h, 3d or hh:mm:ss");
        else if (time < LaneBounds.ForMin || time > LaneBounds.ForMax) errors.Add("for", "must be 1s to 365d");
        else return time;
        return null;
    }

    public static string? Name(string? name, bool isNeeded, string scope)
    {
        if (!isNeeded) return name is null ? null : $"has no place in the scope {scope}";
        if (string.IsNullOrEmpty(name)) return $"is required in the scope {scope}";
        var isName = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return isName && name.Length <= LaneBounds.NameMax
            ? null : $"must be 1 to {LaneBounds.NameMax} letters, digits, '-', '_' or '.'";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SuspendRequest))]
[JsonSerializable(typeof(LimitRequest))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(StartWarmUpRequest))]
internal sealed partial class LaneJson : JsonSerializerContext;
