using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>Entries to be made, all or none.</summary>
/// <param name="Entries">1 to 500.</param>
public sealed record AddSuppressionsRequest(
    [Required] AddSuppression?[]? Entries)
{
    internal static readonly BodyBounds Bounds =
        new(("entries", BodyBound.MoreThan(SuppressionStore.BatchMax, ": import a list")));

    /// <summary>Null when something is wrong; <paramref name="errors"/> says what.</summary>
    internal ImmutableArray<NewSuppression>? Read(
        Caller caller, Suppressions suppressions, DateTimeOffset now, FieldErrors errors)
    {
        if (Entries is null or []) errors.Add("entries", "has no entry");
        if (errors.All.Count > 0) return null;
        var entries = Entries!.Select((e, i) => e is null ? Missing(errors, i)
            : e.Read($"entries[{i}].", caller, SuppressionOrigin.Manual, suppressions, now, errors)).ToList();
        return errors.All.Count > 0 ? null : [.. entries.Select(e => e!)];
    }

    private static NewSuppression? Missing(FieldErrors errors, int i)
    {
        errors.Add($"entries[{i}]", "is null");
        return null;
    }
}

/// <summary>
/// Which entries to lift: at least one of <c>rule</c>, <c>reason</c>, <c>source</c> and <c>site</c>. All that are given
/// have to fit.
/// </summary>
/// <param name="Rule">The bounce rule that led to them.</param>
/// <param name="Reason">The reason that led to them.</param>
/// <param name="Source">The source their mail went by.</param>
/// <param name="Site">The site their mail went to.</param>
/// <param name="Tenant">Whose they are. Left out: yours, or everybody's.</param>
/// <param name="From">Made from this time on.</param>
/// <param name="To">Made before this time.</param>
/// <param name="DryRun"><c>false</c> lifts them. Left out, or <c>true</c>: they are only shown.</param>
/// <param name="Note">Why, for people.</param>
public sealed record UndoRequest(
    string? Rule, string? Reason, string? Source, string? Site, string? Tenant,
    [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? From,
    [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? To, bool? DryRun,
    [MaxLength(AddSuppression.NoteCharacters)] string? Note)
{
    internal SuppressionQuery? Read(Caller caller, FieldErrors errors)
    {
        if ((Rule ?? Reason ?? Source ?? Site) is null)
            errors.Add("rule", "or a reason, source or site is needed: an undo is by cause");
        if (From >= To) errors.Add("to", "is not after from");
        if (Note is { Length: > AddSuppression.NoteCharacters })
            errors.Add("note", $"has more than {AddSuppression.NoteCharacters} characters");
        if (Tenant is not null && !caller.Sees(Tenant)) errors.Add("tenant", "is not yours");
        return errors.All.Count > 0 ? null : new()
        {
            Tenant = Tenant ?? caller.Tenant,
            Rule = Rule,
            Reason = Reason,
            Source = Source,
            Site = Site,
            From = From,
            To = To,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AddSuppressionsRequest))]
[JsonSerializable(typeof(UndoRequest))]
internal sealed partial class SuppressionJson : JsonSerializerContext;
