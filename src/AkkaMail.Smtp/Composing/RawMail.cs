using System.Collections.Immutable;
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
    public Composition Compose(RawOctets raw, SubmissionEnvelope envelope, bool isSubmitted) =>
        // RFC 5321 §2.3.8: it would be another mail to the next server than to us.
        raw.HasBareLineEnd ? new Uncomposable("A mail that is sent as it came has a bare CR, a bare LF or a NUL.")
        : isSubmitted ? Submitted(raw, envelope) : PassedOn(raw, envelope.From);

    private Composition PassedOn(RawOctets raw, Mailbox from) =>
        // Without one a bounce would go to who wrote the mail, whose bounce it is not.
        identity.ReturnPathAt(facts, from.AsciiDomain) is { } mailFrom ? Made(raw.Head, raw, mailFrom)
            : new Uncomposable("There is no return path for a mail that is passed on.");

    private Composition Submitted(RawOctets raw, SubmissionEnvelope envelope)
    {
        var from = envelope.From;
        var fields = HeaderFields.Of(raw.Head);
        var ours = new HeaderLines(ascii, fields.Select(f => f.Name));
        // RFC 6409 §8.2 and §8.3.
        if (!ours.Has("Date")) ours.Date(facts.AcceptedAt);
        if (!ours.Has("Message-ID")) ours.Raw(HeaderId.MessageId, $"<{facts.Id.Submission}-0@{from.AsciiDomain}>");
        identity.AddTo(ours, facts, envelope.Dressing);
        using var labelled = new MemoryStream(raw.Head.Length + 1024);
        var trace = fields.Count == 0 ? 0 : fields[0].End;
        labelled.Write(raw.Head.AsSpan(0, trace));
        ours.WriteTo(labelled);
        labelled.Write(raw.Head.AsSpan(trace));
        var head = labelled.GetBuffer().AsSpan(0, (int)labelled.Length);
        var keys = identity.SignFor(facts, from.AsciiDomain);
        var signatures = keys.IsDefaultOrEmpty ? [] : Signatures(head, raw, keys);
        return Made([.. Encoding.ASCII.GetBytes(string.Concat(signatures)), .. head], raw,
            envelope.MailFrom ?? identity.ReturnPath(facts, from.AsciiDomain) ?? from.EnvelopeAddress);
    }

    private ImmutableArray<string> Signatures(ReadOnlySpan<byte> head, RawOctets raw, ImmutableArray<SigningKey> keys)
    {
        using var digest = new MailDigest();
        digest.Write(head);
        digest.Write("\r\n"u8);
        raw.WriteBodyTo(digest);
        return DkimSigning.Sign(digest, keys, facts.AcceptedAt);
    }

    private Composition Made(byte[] head, RawOctets raw, string mailFrom)
    {
        if (NameLength(head) is not (> 0 and var name))
            return new Uncomposable("A mail that is sent as it came does not begin with the trace of its way here.");
        var isEightBit = raw.IsEightBit || !Ascii.IsValid(head);
        // RFC 6531 §3.2: headers in UTF-8 need it as addresses do.
        var international = recipient.NeedsSmtpUtf8 || !Ascii.IsValid(mailFrom) || !Ascii.IsValid(head);
        return new ComposedMail(
            new AsItCame(head, name, raw, isEightBit), international ? utf8 : ascii, mailFrom,
            recipient.EnvelopeAddress, international)
        {
            NeedsEightBitMime = isEightBit,
        }.WithSize(head.Length + 2 + raw.BodyLength);
    }

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

    /// <summary>
    /// What MailKit takes for a mail. A parsed one would be written anew, and odd MIME not as it came: here all headers
    /// are the value of the first, and the body is written as it is.
    /// </summary>
    private sealed class AsItCame : MimeMessage
    {
        public AsItCame(byte[] head, int name, RawOctets raw, bool isEightBit) : base([HeaderOf(head, name)]) =>
            Body = new Text(raw, isEightBit);

        private static Header HeaderOf(byte[] head, int name)
        {
            var header = new Header(Encoding.ASCII.GetString(head, 0, name), "");
            header.SetRawValue(head[(name + 1)..]);
            return header;
        }
    }

    private sealed class Text : MimePart
    {
        private readonly RawOctets _raw;
        private readonly bool _isMade;

        public Text(RawOctets raw, bool isEightBit)
        {
            _raw = raw;
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
            _raw.WriteBodyTo(stream);

        public override Task WriteToAsync(
            FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default) =>
            _raw.WriteBodyToAsync(stream, cancellationToken);
    }
}
