using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Suppression;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary><paramref name="Entries"/>: 1 to 500.</summary>
public sealed record AddSuppressionsRequest(AddSuppression?[]? Entries)
{
    /// <summary>Null when something is wrong; <paramref name="errors"/> says what.</summary>
    internal ImmutableArray<NewSuppression>? Read(
        Caller caller, Suppressions suppressions, DateTimeOffset now, FieldErrors errors)
    {
        if (Entries is null or []) errors.Add("entries", "has no entry");
        else if (Entries.Length > SuppressionStore.BatchMax)
            errors.Add("entries", $"are more than {SuppressionStore.BatchMax}: import a list");
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
/// An <paramref name="Address"/> or a <paramref name="Domain"/>, for a <paramref name="Scope"/>: <c>tenant</c>
/// (default), <c>stream</c> with its name, or <c>global</c>, which needs a key with all rights. <paramref name="Note"/>
/// is for people.
/// </summary>
public sealed record AddSuppression(
    string? Address, string? Domain, string? Scope, string? Stream, string? Note,
    [property: JsonConverter(typeof(TimeConverter))] DateTimeOffset? ExpiresAt)
{
    public const int NoteCharacters = 500;

    internal NewSuppression? Read(
        string path, Caller caller, SuppressionOrigin origin, Suppressions suppressions, DateTimeOffset now,
        FieldErrors errors)
    {
        var before = errors.All.Count;
        var scope = SuppressionWords.ParseScope(Scope ?? "tenant");
        if (scope is null) errors.Add($"{path}scope", $"is none of {string.Join(", ", SuppressionWords.ScopeWords)}");
        if (scope == SuppressionScope.Global && !caller.Has(Core.Tenants.Scopes.Admin))
            errors.Add($"{path}scope", "of global needs a key with all rights");
        if (scope == SuppressionScope.Stream && string.IsNullOrEmpty(Stream))
            errors.Add($"{path}stream", "is needed for the scope stream");
        if (scope != SuppressionScope.Stream && Stream is not null)
            errors.Add($"{path}stream", "is only for the scope stream");
        if (Stream is { Length: > 64 }) errors.Add($"{path}stream", "has over 64 characters");
        if (Note is { Length: > NoteCharacters }) errors.Add($"{path}note", $"has over {NoteCharacters} characters");
        if (ExpiresAt <= now) errors.Add($"{path}expires_at", "is not in the future");
        var target = Target(path, suppressions, errors);
        if (errors.All.Count > before) return null;
        return new(SuppressionKey.Of(scope!.Value, caller.ActsFor, Stream ?? "", target!.Value.Hash), target.Value.Text,
            origin, SuppressionCause.None, Note, caller.By, now, ExpiresAt);
    }

    private (Hash128 Hash, string Text)? Target(string path, Suppressions suppressions, FieldErrors errors)
    {
        if (Address is null == Domain is null)
        {
            errors.Add($"{path}address", "or a domain is needed, and not both");
            return null;
        }
        if (Address is not null)
        {
            if (Mailbox.TryParse(Address, out var mailbox, out var problem))
                return (suppressions.OfAddress(mailbox), mailbox.EnvelopeAddress);
            errors.Add($"{path}address", problem);
            return null;
        }
        if (Sites.DomainOf(Domain!) is { } ascii) return (suppressions.OfDomain(ascii), $"@{ascii}");
        errors.Add($"{path}domain", "is no domain");
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
            errors.Add("note", $"has over {AddSuppression.NoteCharacters} characters");
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
