using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound.Formats;
using AkkaMail.Core.Seals;

namespace AkkaMail.Core.Inbound;

/// <summary>
/// Which of our messages a report is about, by a token only we can have made: a report without one could be anybody's
/// invention. Reporters keep different parts of a mail, so it stands in several.
/// </summary>
public static class MessageReference
{
    /// <summary>Candidates looked at: an honest report has a handful, and each costs an HMAC.</summary>
    private const int CandidatesMax = 50;

    private const string LinkPath = "/u/";

    /// <summary>Null when no part of it is ours.</summary>
    public static MessageId? Find(ParsedMail mail, byte[] key) =>
        Candidates(mail).Take(CandidatesMax).Select(c => c.Verify(c.Text, key)).FirstOrDefault(id => id is not null);

    private readonly record struct Candidate(string Text, Func<string, byte[], MessageId?> Verify);

    private static IEnumerable<Candidate> Candidates(ParsedMail mail)
    {
        foreach (var field in Fields(mail))
            switch (field.Name.ToLowerInvariant())
            {
                // RFC 5965 §3.2, RFC 3464 has none; relays put Return-Path on top of what they return.
                case "original-mail-from" or "return-path" or "x-original-mail-from":
                    foreach (var address in Addresses.All(field.Value))
                        yield return new(address, (text, key) => VerpAddress.Verify(text, key));
                    break;
                case "cfbl-feedback-id":
                    yield return new(field.Value.Trim(), (text, key) => FeedbackToken.Verify(text, key));
                    break;
                case "list-unsubscribe":
                    if (LinkToken(field.Value) is { } token)
                        yield return new(token, (text, key) => UnsubscribeToken.Verify(text, key));
                    break;
            }
    }

    /// <summary>Those of the report itself, of its machine-readable part, and of the mail it returns.</summary>
    private static IEnumerable<MailField> Fields(ParsedMail mail)
    {
        foreach (var part in mail.Parts)
            if (part.Type is "message/feedback-report" or "text/rfc822-headers")
                foreach (var field in MailFields.Blocks(part.Text).SelectMany(block => block)) yield return field;
        foreach (var field in mail.Headers) yield return field;
        if (mail.Returned is { } returned)
            foreach (var field in Fields(returned)) yield return field;
    }

    private static string? LinkToken(string value)
    {
        var at = value.IndexOf(LinkPath, StringComparison.Ordinal);
        if (at < 0) return null;
        var rest = value[(at + LinkPath.Length)..];
        var end = rest.IndexOfAny(['>', ',', '?', '/', ' ']);
        return end < 0 ? rest : rest[..end];
    }
}
