using System.Collections.Immutable;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Tenants;

/// <summary>
/// A tenant's message type. <paramref name="Kind"/> never changes; with <paramref name="Unsubscribe"/> its mails offer
/// to stop it (RFC 2369 §3.2, RFC 8058). <paramref name="CreatedAt"/> is null for the two that every tenant has.
/// </summary>
public sealed record MailStream(
    string Name, string? Title, StreamKind Kind, bool Unsubscribe, DateTimeOffset? CreatedAt)
{
    /// <summary>
    /// Mail by SMTP keeps the address in MAIL FROM when it is of a verified domain of the tenant: bounces go there, as
    /// a list manager wants, and are not seen here.
    /// </summary>
    public bool KeepEnvelopeSender { get; init; }

    /// <summary>A mail that has HTML alone gets a text part made from it.</summary>
    public bool TextFromHtml { get; init; } = true;

    /// <summary>
    /// Fresh mail to recipients who showed life of late goes before the others', by an hour at most. Never where
    /// somebody waits for it.
    /// </summary>
    public bool EngagedFirst { get; init; } = EngagedFirstOf(Kind);

    public const int NameCharacters = 64, TitleCharacters = 200;

    /// <summary>Also those that are built in.</summary>
    public const int OfTenantMax = 100;

    /// <summary>What every tenant has from the start, for ever.</summary>
    public static ImmutableDictionary<string, MailStream> BuiltIn { get; } =
        new[] { Streams.Transactional, Streams.Broadcast }
            .Select(name => (Name: name, Kind: Streams.KindOf(name)))
            .ToImmutableDictionary(s => s.Name, s => new MailStream(s.Name, null, s.Kind, UnsubscribeOf(s.Kind), null));

    /// <summary>Unless somebody says otherwise: nobody unsubscribes from a receipt, everybody may from news.</summary>
    public static bool UnsubscribeOf(StreamKind kind) => kind == StreamKind.Broadcast;

    /// <inheritdoc cref="UnsubscribeOf"/>
    public static bool EngagedFirstOf(StreamKind kind) => kind == StreamKind.Broadcast;

    /// <summary>As a tenant's: it stands in the same paths, figures and files.</summary>
    public static string? NameProblem(string name) => Tenant.NameProblem(name);
}
