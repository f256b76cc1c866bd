using System.ComponentModel.DataAnnotations;
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

/// <summary>An <c>address</c> or a <c>domain</c>. One of the two.</summary>
/// <param name="Address">An address.</param>
/// <param name="Domain">A domain: all its addresses.</param>
/// <param name="Scope">
/// For the <c>tenant</c> (left out), a <c>stream</c> of it, or <c>global</c>, which needs a key with all rights.
/// </param>
/// <param name="Stream">The stream, in the scope <c>stream</c>.</param>
/// <param name="Note">Why, for people.</param>
/// <param name="ExpiresAt">When it ends. Left out: when somebody lifts it.</param>
public sealed record AddSuppression(
    string? Address, string? Domain, [WordsOf<SuppressionScope>] string? Scope, [MaxLength(64)] string? Stream,
    [MaxLength(AddSuppression.NoteCharacters)] string? Note,
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
