using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// Makes the mail of a message. Everything in it comes from what was stored at acceptance (no clock, no chance), so a
/// retry after a crash sends the same bytes and a receiver can see that it is the same mail.
/// </summary>
public static class Composer
{
    private static readonly FormatOptions Ascii = Options(international: false), Utf8 = Options(international: true);

    /// <summary>Unsigned, and with nothing that tells whose it is.</summary>
    public static Composition Compose(StoredMail mail, MessageId id, DateTimeOffset acceptedAt) =>
        Compose(mail, new(id, "", "", acceptedAt), OutgoingIdentity.None);

    public static Composition Compose(StoredMail mail, MessageFacts message, OutgoingIdentity identity)
    {
        try { return Measured(mail, message, identity); }
        catch (Exception e) when (e is ParseException or FormatException)
        {
            // Its text would hold it.
            return new Uncomposable("An address or a type of this mail cannot be written.");
        }
        catch (Exception e) when (e is not (SigningKeyException or StoreException) && FailsAlone(mail, message))
        {
            return new Uncomposable($"This content cannot be composed ({e.GetType().Name}).") { Fault = e };
        }
    }

    /// <summary>
    /// It fails again with nothing but its content, so it always will. A key, a store and whoever is asked for them are
    /// not in it: what they do may be over at the next try.
    /// </summary>
    private static bool FailsAlone(StoredMail mail, MessageFacts message)
    {
        try { Measured(mail, message, OutgoingIdentity.None); }
        catch (Exception e) { return e is not (OutOfMemoryException or StoreException); }
        return false;
    }

    /// <summary>What cannot be written shows here, and not when half of it is at the receiver.</summary>
    private static Composition Measured(StoredMail mail, MessageFacts message, OutgoingIdentity identity)
    {
        var composition = Make(mail, message, identity);
        if (composition is ComposedMail composed) _ = composed.Size;
        return composition;
    }

    private static Composition Make(StoredMail mail, MessageFacts message, OutgoingIdentity identity)
    {
        if (mail.Envelope.Find(message.Id.Index) is not var (index, envelope, recipient))
            return new Uncomposable("The mail has no such recipient.");
        if (mail.Content.Raw is { } raw)
            return new RawMail(recipient, message, identity, Ascii, Utf8).Compose(
                RawOctets.Read(raw), mail.Envelope, mail.Content.IsSubmitted);
        if (Problem(mail, envelope) is { } problem) return new Uncomposable(problem);
        return Compose(mail, envelope, recipient, $"{message.Id.Submission}-{index}", message, identity);
    }

    private static ComposedMail Compose(
        StoredMail mail, MailEnvelope envelope, Mailbox recipient, string name, MessageFacts facts,
        OutgoingIdentity identity)
    {
        var from = mail.Envelope.From.AsciiDomain;
        var international = NeedsUtf8(mail.Envelope, envelope);
        var format = international ? Utf8 : Ascii;
        var headers = new HeaderLines(format);
        headers.Addresses(HeaderId.From, mail.Envelope.From);
        headers.Addresses(HeaderId.ReplyTo, mail.Envelope.ReplyTo.AsSpan());
        headers.Addresses(HeaderId.To, envelope.To.AsSpan());
        headers.Addresses(HeaderId.Cc, envelope.Cc.AsSpan());
        headers.Text("Subject", Filling.Subject(mail.Content.Subject, envelope));
        headers.Date(facts.AcceptedAt);
        headers.Raw(HeaderId.MessageId, $"<{name}@{from}>");
        foreach (var header in HeadersOf(mail.Envelope, envelope)) headers.Text(header.Name, header.Value);
        identity.AddTo(headers, facts, mail.Envelope.Dressing);
        headers.Raw(HeaderId.MimeVersion, "1.0");
        var message = headers.ToMessage();
        var body = Body(mail.Content, envelope.Variables, name);
        // What is too large for memory is encoded at each pass.
        message.Body = mail.Content.Attachments.All(a => a.Octets.InMemory is not null)
            ? new WrittenBody(body, format) : body;

        // A hidden recipient never changes the bytes the others get; it only needs SMTPUTF8 for its own envelope.
        var composed = new ComposedMail(message, format,
            identity.ReturnPath(facts, from) ?? mail.Envelope.From.EnvelopeAddress,
            recipient.EnvelopeAddress, international || recipient.NeedsSmtpUtf8);
        return Composing.MailSigning.Sign(
            composed, identity.SignFor(facts, from), facts.AcceptedAt);
    }

    // The value may hold an address, and this text is journaled: it names the header only.
    private static string? Problem(StoredMail mail, MailEnvelope envelope)
    {
        foreach (var header in mail.Envelope.Headers.Concat(envelope.Headers))
            if (HeaderRules.Problem(header.Name, header.Value) is { } problem)
                return $"A header {problem}.";
        foreach (var attachment in mail.Content.Attachments)
            if (attachment.ContentId is { Length: > 0 } id && !Parts.IsContentId(id))
                return "An attachment has a content id with characters no content id may have.";
        return null;
    }

    /// <summary>
    /// RFC 6531 §3.3: only local parts outside ASCII leave no other way; names and subjects have RFC 2047.
    /// </summary>
    private static bool NeedsUtf8(SubmissionEnvelope submission, MailEnvelope mail) =>
        submission.From.NeedsSmtpUtf8 || submission.ReplyTo.Any(m => m.NeedsSmtpUtf8)
        || mail.To.Any(m => m.NeedsSmtpUtf8) || mail.Cc.Any(m => m.NeedsSmtpUtf8);

    /// <summary>A mail's own headers take the place of the submission's of the same name.</summary>
    private static IEnumerable<HeaderField> HeadersOf(SubmissionEnvelope submission, MailEnvelope mail) =>
        mail.Headers.IsEmpty ? submission.Headers
            : submission.Headers.Where(h => !mail.Headers.Any(own => IsSame(own.Name, h.Name))).Concat(mail.Headers);

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static MimeEntity Body(MailContent content, ImmutableArray<Variable> variables, string name)
    {
        var text = content.Text is null ? null
            : Parts.Text("plain", Filling.Fill(content.Text, variables, FillMode.Text));
        MimeEntity? html = content.Html is null ? null
            : Parts.Text("html", Filling.Fill(content.Html, variables, FillMode.Html));
        // An inline picture without HTML has nothing to be inline in: it goes with the files.
        bool IsInline(Attachment a) =>
            content.Html is not null && a.ContentId is { Length: > 0 } && !Parts.IsInvitation(a);
        if (html is not null)
            html = Join("related", name, [html, .. content.Attachments.Where(IsInline).Select(Parts.File)]);
        // RFC 2046 §5.1.4: the richest last.
        List<MimeEntity> ways =
        [
            .. new[] { text, html }.OfType<MimeEntity>(),
            .. content.Attachments.Where(Parts.IsInvitation).Select(Parts.Invitation),
        ];
        var body = ways.Count == 0 ? Parts.Text("plain", "") : Join("alternative", name, ways);
        return Join("mixed", name, [body, .. content.Attachments
            .Where(a => !IsInline(a) && !Parts.IsInvitation(a)).Select(Parts.File)]);
    }

    private static MimeEntity Join(string subtype, string name, List<MimeEntity> parts)
    {
        if (parts.Count == 1) return parts[0];
        // "=_" can stand in no quoted-printable or base64 line (RFC 2045 §6.7), and no sender knows the id beforehand.
        var multipart = new Multipart(subtype) { Boundary = $"=_{subtype}_{name}" };
        // RFC 2387 §3.1 demands it.
        if (subtype == "related") multipart.ContentType.Parameters.Add("type", "text/html");
        foreach (var part in parts) multipart.Add(part);
        return multipart;
    }

    private static FormatOptions Options(bool international)
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        options.International = international;
        return options;
    }
}
