using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Suppression;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Suppression;

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
        var scope = Scope is null ? SuppressionScope.Tenant : Words.Parse<SuppressionScope>(Scope);
        if (scope is null) errors.Add($"{path}scope", $"must be one of {string.Join(", ", Words.Of<SuppressionScope>())}");
        if (scope == SuppressionScope.Global && !caller.Has(Core.Tenants.Scopes.Admin))
            errors.Add($"{path}scope", "of global needs a key with all rights");
        if (scope == SuppressionScope.Stream && string.IsNullOrEmpty(Stream))
            errors.Add($"{path}stream", "is required for the scope stream");
        if (scope != SuppressionScope.Stream && Stream is not null)
            errors.Add($"{path}stream", "is only for the scope stream");
        if (Stream is { Length: > 64 }) errors.Add($"{path}stream", "has more than 64 characters");
        if (Note is { Length: > NoteCharacters }) errors.Add($"{path}note", $"has more than {NoteCharacters} characters");
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
        errors.Add($"{path}domain", "is not a domain");
        return null;
    }
}
