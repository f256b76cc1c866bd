using System.Buffers;
using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Signing;
using MimeKit;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// A mail that is sent as it came. One that is passed on has octets that its sender and the seals on it have signed:
/// none is added or mended, and no signature of ours stands over another's From. One that was handed in by SMTP is the
/// tenant's own: above it stand our labels and signatures.
/// </summary>
internal sealed class RawMail(
    Mailbox recipient, MessageFacts facts, OutgoingIdentity identity, FormatOptions ascii, FormatOptions utf8)
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n\0"u8);

    public Composition Compose(byte[] raw, SubmissionEnvelope envelope, bool isSubmitted)
    {
        // RFC 5321 §2.3.8: it would be another mail to the next server than to us.
        if (HasBareLineEnd(raw))
            return new Uncomposable("A mail that is sent as it came has a bare CR, a bare LF or a NUL.");
        // RFC 5321 §4.1.1.4: who is given a last line without its end adds it, there is no dot without.
        var octets = raw.AsSpan().EndsWith("\r\n"u8) ? raw : [.. raw, .. "\r\n"u8];
        // RFC 5322 §2.1: without an empty line there is no body, and with one after the headers it is as empty.
        if (EndOfHead(octets) < 0) octets = [.. octets, .. "\r\n"u8];
        return isSubmitted ? Submitted(octets, envelope) : PassedOn(octets, envelope.From);
    }

    private Composition PassedOn(byte[] octets, Mailbox from) =>
        // Without one a bounce would go to who wrote the mail, whose bounce it is not.
        identity.ReturnPathAt(facts, from.AsciiDomain) is { } mailFrom ? Made(octets, mailFrom)
            : new Uncomposable("There is no return path for a mail that is passed on.");

    private Composition Submitted(byte[] octets, SubmissionEnvelope envelope)
    {
        var from = envelope.From;
        var fields = HeaderFields.Of(octets);
        var ours = new HeaderLines(ascii, fields.Select(f => f.Name));
        // RFC 6409 §8.2 and §8.3.
        if (!ours.Has("Date")) ours.Date(facts.AcceptedAt);
        if (!ours.Has("Message-ID")) ours.Raw(HeaderId.MessageId, $"<{facts.Id.Submission}-0@{from.AsciiDomain}>");
        identity.AddTo(ours, facts, from.AsciiDomain, envelope.Dressing);
        using var labelled = new MemoryStream(octets.Length + 1024);
        var trace = fields.Count == 0 ? 0 : fields[0].End;
        labelled.Write(octets.AsSpan(0, trace));
        ours.WriteTo(labelled);
        labelled.Write(octets.AsSpan(trace));
        var keys = identity.SignFor(facts, from.AsciiDomain);
        var signatures = keys.IsDefaultOrEmpty ? []
            : DkimSigning.Sign(labelled.GetBuffer().AsSpan(0, (int)labelled.Length), keys, facts.AcceptedAt);
        return Made([.. Encoding.ASCII.GetBytes(string.Concat(signatures)), .. labelled.ToArray()],
            envelope.MailFrom ?? identity.ReturnPath(facts, from.AsciiDomain) ?? from.EnvelopeAddress);
    }

    private Composition Made(byte[] octets, string mailFrom)
    {
        if (NameLength(octets) is not (> 0 and var name))
            return new Uncomposable("A mail that is sent as it came does not begin with the trace of its way here.");
        var (head, isEightBit) = (EndOfHead(octets), !Ascii.IsValid(octets));
        // RFC 6531 §3.2: headers in UTF-8 need it as addresses do.
        var international = recipient.NeedsSmtpUtf8 || !Ascii.IsValid(mailFrom)
            || !Ascii.IsValid(octets.AsSpan(0, head));
        var message = new Octets(octets, name, head, isEightBit);
        return new ComposedMail(
            message, international ? utf8 : ascii, mailFrom, recipient.EnvelopeAddress, international)
        {
            NeedsEightBitMime = isEightBit,
        }.WithSize(octets.Length);
    }

    /// <summary>Octets up to the CRLF of the last header's line, and with it; -1 when no empty line follows.</summary>
    private static int EndOfHead(ReadOnlySpan<byte> mail) =>
        mail.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 2 : -1;

    /// <summary>
    /// Octets of the first header's name, which whoever takes a mail in has put there (RFC 5321 §4.4, RFC 8617 §5.1),
    /// or of the signature above it; -1: nobody has.
    /// </summary>
    private static int NameLength(ReadOnlySpan<byte> mail)
    {
        var colon = mail.IndexOf((byte)':');
        return colon > 0 && Encoding.ASCII.GetString(mail[..colon]) is var name
            && (name is "Received" or "DKIM-Signature" || name.StartsWith("ARC-", StringComparison.Ordinal))
                ? colon : -1;
    }

    private static bool HasBareLineEnd(ReadOnlySpan<byte> mail)
    {
        for (int at; (at = mail.IndexOfAny(LineEnds)) >= 0; mail = mail[(at + 2)..])
            if (!mail[at..].StartsWith("\r\n"u8)) return true;
        return false;
    }

    /// <summary>
    /// What MailKit takes for a mail. A parsed one would be written anew, and odd MIME not as it came: here all headers
    /// are the value of the first, and the body is written as it is.
    /// </summary>
    private sealed class Octets : MimeMessage
    {
        public Octets(byte[] octets, int name, int head, bool isEightBit) : base([HeaderOf(octets, name, head)]) =>
            Body = new Text(octets.AsMemory(head + 2), isEightBit);

        private static Header HeaderOf(byte[] octets, int name, int head)
        {
            var header = new Header(Encoding.ASCII.GetString(octets, 0, name), "");
            header.SetRawValue(octets[(name + 1)..head]);
            return header;
        }
    }

    private sealed class Text : MimePart
    {
        private readonly ReadOnlyMemory<byte> _octets;
        private readonly bool _isMade;

        public Text(ReadOnlyMemory<byte> octets, bool isEightBit)
        {
            _octets = octets;
            // MailKit says BODY=8BITMIME by it.
            ContentTransferEncoding = isEightBit ? ContentEncoding.EightBit : ContentEncoding.SevenBit;
            _isMade = true;
            Headers.Clear();   // The mail's own say what it is.
        }

        /// <summary>The encoding stays when its header goes.</summary>
        protected override void OnHeadersChanged(HeaderListChangedAction action, Header? header)
        {
            if (!_isMade) base.OnHeadersChanged(action, header);
        }

        public override void WriteTo(
            FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default) =>
            stream.Write(_octets.Span);

        public override Task WriteToAsync(
            FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default) =>
            stream.WriteAsync(_octets, cancellationToken).AsTask();
    }
}
