using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Seals;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Smtp.Composing;

/// <summary>What of a message decides how it is signed and labelled; all of it is journaled.</summary>
public readonly record struct MessageFacts(MessageId Id, string Tenant, string Stream, DateTimeOffset AcceptedAt);

/// <summary>
/// What says whose a mail is. Each is asked once an attempt, from several threads, and has to answer the same for the
/// same message: a retry sends the same bytes. What is not set adds nothing.
/// </summary>
public sealed record OutgoingIdentity
{
    public static OutgoingIdentity None { get; } = new();

    /// <summary>
    /// The keys that sign a message with a From domain (A-labels), one of each algorithm; empty: not signed. By the
    /// time of acceptance, and only the domain's owner's mail; a key of a domain that is not aligned with it (RFC 7489
    /// §3.1.1) is the caller's to avoid. <see cref="SigningKeyException"/>: there is a key and it cannot be had now.
    /// </summary>
    public Func<MessageFacts, string, ImmutableArray<SigningKey>> SignFor { get; init; } = (_, _) => [];

    /// <summary>How this recipient unsubscribes (RFC 8058) at a public URL; null: not by us.</summary>
    public Func<MessageId, string, UnsubscribeLink?> Unsubscribe { get; init; } = (_, _) => null;

    /// <summary>
    /// The envelope sender for a message of a From domain, by <see cref="VerpAddress"/>; null: the From address.
    /// </summary>
    public Func<MessageFacts, string, string?> ReturnPath { get; init; } = (_, _) => null;

    /// <summary>
    /// The envelope sender of a mail that is passed on, by the host it came to; null: there is none, and it stays here.
    /// As its bounces come back to us, no sender's SPF record has to know us, and nobody needs SRS.
    /// </summary>
    public Func<MessageFacts, string, string?> ReturnPathAt { get; init; } = (_, _) => null;

    /// <summary>What a complaint about this message is to bring back (RFC 9477); null: nothing.</summary>
    public Func<MessageId, string?> Feedback { get; init; } = _ => null;

    /// <summary>A header the sender has written stays, and ours of that name is left out.</summary>
    internal void AddTo(HeaderLines headers, MessageFacts facts, Dressing dressing)
    {
        if (dressing.FeedbackId is { } feedback && !headers.Has("Feedback-ID"))
            headers.Raw("Feedback-ID", feedback);
        if (dressing.FeedbackTo is { } to && !headers.Has(FeedbackToken.AddressHeader)
            && Feedback(facts.Id) is { } token)
        {
            headers.Raw(FeedbackToken.AddressHeader, $"{to}; report=arf");
            headers.Raw(FeedbackToken.Header, token);
        }
        if (dressing.UnsubscribeAt is not { } at || headers.Has("List-Unsubscribe")) return;
        if (Unsubscribe(facts.Id, at) is not { } link) return;
        headers.Raw("List-Unsubscribe", link.Value);
        // RFC 8058 §3.1: the one value there is.
        if (!headers.Has("List-Unsubscribe-Post"))
            headers.Raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
}
