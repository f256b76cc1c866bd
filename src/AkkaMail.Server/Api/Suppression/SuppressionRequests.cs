using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaMail.Core.Suppression;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary><paramref name="Entries"/>: 1 to 500.</summary>
public sealed record AddSuppressionsRequest(AddSuppression?[]? Entries)
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
/// Which entries an undo lifts; at least one of <paramref name="Rule"/>, <paramref name="Reason"/>,
/// <paramref name="Source"/> and <paramref name="Site"/>, all given have to fit. Without <paramref name="DryRun"/> of
/// false it only shows what it would do.
/// </summary>
public sealed record UndoRequest(
    string? Rule, string? Reason, string? Source, string? Site, string? Tenant,
    [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? From,
    [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? To, bool? DryRun, string? Note)
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
