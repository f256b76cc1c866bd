using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using AkkaMail.Core.Mail;
using MimeKit;
using MimeKit.Utils;

namespace AkkaMail.Smtp.Mime;

/// <summary>What a client hands in by SMTP: a <see cref="SubmittedMail"/> or a <see cref="FaultyMail"/>.</summary>
public abstract record Submitted;

/// <summary>It cannot be sent; <paramref name="Header"/> names what is wrong, empty: the mail itself.</summary>
public sealed record FaultyMail(string Header, string Problem) : Submitted
{
    /// <summary>One reader would see another mail than the next: 550, as for line ends that are none.</summary>
    public bool IsAmbiguous { get; init; }
}

/// <summary>
/// A mail that is sent as it was written (RFC 6409): its sender has composed it, and we add trace, what is missing, and
/// signatures. What its headers say to us alone is taken out of <paramref name="Head"/>, and so is Bcc; behind it
/// stands what the mail has from <paramref name="HeadEnd"/> on.
/// </summary>
public sealed record SubmittedMail(
    Mailbox From, string Subject, string? Stream, ImmutableArray<string> Tags, string? IdempotencyKey, byte[] Head,
    int HeadEnd) : Submitted
{
    /// <summary>A JSON object of texts; null: none.</summary>
    public string? Metadata { get; init; }

    /// <summary>A time as in RFC 3339; null: at once.</summary>
    public string? SendAt { get; init; }

    /// <summary>The first header that is said to us and that we do not know; null: there is none.</summary>
    public string? Unknown { get; init; }

    /// <summary>Words to us, one mail's worth; they are sent to nobody.</summary>
    public const string StreamHeader = "X-AkkaMail-Stream", TagsHeader = "X-AkkaMail-Tags",
        KeyHeader = "X-AkkaMail-Idempotency-Key", MetadataHeader = "X-AkkaMail-Metadata",
        SendAtHeader = "X-AkkaMail-Send-At";

    private static readonly string[] ToUs = [StreamHeader, TagsHeader, KeyHeader, MetadataHeader, SendAtHeader];

    /// <summary>RFC 5321 §6.3: a mail that has come by more hosts goes round.</summary>
    private const int HopsMax = 100;

    private const string Ours = "X-AkkaMail-";

    /// <summary>RFC 5322 §3.6: at most once. With two, each reader shows the one it likes.</summary>
    private static readonly HashSet<string> Single = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding", StreamHeader, TagsHeader, KeyHeader,
        MetadataHeader, SendAtHeader,
    };

    /// <param name="mail">As it came, CRLF lines; of a large one as much as its header may have.</param>
    /// <param name="trace">Our own line (<see cref="TraceOf"/>).</param>
    /// <param name="isSmtpUtf8">The client has said SMTPUTF8, so headers may be UTF-8 (RFC 6531 §3.4).</param>
    public static Submitted Read(ReadOnlySpan<byte> mail, string trace, bool isSmtpUtf8)
    {
        if (!HeaderFields.IsBounded(mail)) return new FaultyMail("", $"has a header of over {HeaderFields.Max} octets");
        var fields = HeaderFields.Of(mail);
        var end = fields.Count == 0 ? 0 : fields[^1].End;
        if (fields.Count == 0 || end < mail.Length && !mail[end..].StartsWith("\r\n"u8))
            return new FaultyMail("", $"line {Line(mail[..end])} is no header, and no empty line stands before it");
        if (fields.Count(TraceLine.IsTrace) > HopsMax)
            return new FaultyMail("Received", $"stands there over {HopsMax} times: the mail goes round");
        foreach (var field in fields)
        {
            var octets = mail[field.Start..field.End];
            // RFC 5322 §4.5.8 lets readers take it, and forbids to write it: half of them see no such header.
            if (octets[..octets.IndexOf((byte)':')] is [.., (byte)' ' or (byte)'\t'])
                return new FaultyMail(field.Name, "has a blank before its colon") { IsAmbiguous = true };
            if (Ascii.IsValid(octets)) continue;
            if (!Utf8.IsValid(octets))
                return new FaultyMail(field.Name, "is neither ASCII nor UTF-8: encode it (RFC 2047)");
            if (!isSmtpUtf8) return new FaultyMail(field.Name, "is UTF-8: encode it (RFC 2047), or say SMTPUTF8");
        }
        var twice = fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(g => g.Count() > 1 && Single.Contains(g.Key));
        if (twice is not null) return new FaultyMail(twice.First().Name, "stands there more than once");
        if (FromOf(mail, fields, out var problem) is not { } from) return new FaultyMail("From", problem);
        return new SubmittedMail(
            from, SubjectOf(mail, fields), Said(fields, StreamHeader),
            [.. (Said(fields, TagsHeader) ?? "").Split(
                ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            Said(fields, KeyHeader), Kept(mail[..end], fields, trace), end)
        {
            Metadata = Said(fields, MetadataHeader),
            SendAt = Said(fields, SendAtHeader),
            Unknown = fields.FirstOrDefault(IsUnknown).Name,
        };
    }

    /// <summary>
    /// RFC 5321 §4.4, without the client: where in a company its mail is made is nobody's business.
    /// <paramref name="with"/> by RFC 3848.
    /// </summary>
    public static string TraceOf(string host, string with, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture,
        $"Received: by {host} (AkkaMail) with {with};\r\n\t{at.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\n");

    private static Mailbox? FromOf(ReadOnlySpan<byte> mail, List<HeaderSpan> fields, out string problem)
    {
        problem = "is missing";
        if (Find(fields, "From") is not { } field) return null;
        problem = "has to be one address";
        if (!InternetAddressList.TryParse(ValueOf(mail, field), out var list) || list is not [MailboxAddress address])
            return null;
        var name = address.Name is { } n && !n.Any(char.IsControl) ? n : "";
        if (Mailbox.TryCreate(name, address.Address, out var from, out var why)
            || Mailbox.TryCreate("", address.Address, out from, out why)) return from;
        problem = why;
        return null;
    }

    private static string SubjectOf(ReadOnlySpan<byte> mail, List<HeaderSpan> fields)
    {
        if (Find(fields, "Subject") is not { } field) return "";
        var text = Rfc2047.DecodeText(ValueOf(mail, field)).Where(c => !char.IsControl(c));
        return string.Concat(text.Take(SubjectMax)).Trim();
    }

    /// <summary>Characters, for lists.</summary>
    private const int SubjectMax = 500;

    private static byte[] ValueOf(ReadOnlySpan<byte> mail, HeaderSpan field)
    {
        var octets = mail[field.Start..field.End];
        return octets[(octets.IndexOf((byte)':') + 1)..].ToArray();
    }

    private static HeaderSpan? Find(List<HeaderSpan> fields, string name)
    {
        var at = fields.FindIndex(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? fields[at] : null;
    }

    private static string? Said(List<HeaderSpan> fields, string name) =>
        Find(fields, name) is { Value: { Length: > 0 } value }
            ? Rfc2047.DecodeText(Encoding.UTF8.GetBytes(value)) : null;

    private static bool IsUnknown(HeaderSpan field) => field.Name.StartsWith(Ours, StringComparison.OrdinalIgnoreCase)
        && !ToUs.Contains(field.Name, StringComparer.OrdinalIgnoreCase);

    private static byte[] Kept(ReadOnlySpan<byte> mail, List<HeaderSpan> fields, string trace)
    {
        using var octets = new MemoryStream(mail.Length + trace.Length);
        octets.Write(Encoding.ASCII.GetBytes(trace));
        var kept = 0;
        foreach (var field in fields.Where(IsForUs))
        {
            octets.Write(mail[kept..field.Start]);
            kept = field.End;
        }
        octets.Write(mail[kept..]);
        return octets.ToArray();
    }

    /// <summary>
    /// RFC 5322 §3.6.3: Bcc is sent to nobody. RFC 5321 §4.4: Return-Path is the last host's to write.
    /// </summary>
    private static bool IsForUs(HeaderSpan field) => field.Name.StartsWith(Ours, StringComparison.OrdinalIgnoreCase)
        || field.Name.ToUpperInvariant() is "BCC" or "RESENT-BCC" or "RETURN-PATH";

    private static int Line(ReadOnlySpan<byte> before) => before.Count((byte)'\n') + 1;
}
