using System.Collections.Immutable;
using System.Text;
using AkkaMail.Core.Mail;
using MimeKit;
using MimeKit.Utils;

namespace AkkaMail.Smtp.Mime;

/// <summary>
/// A mail's headers, made before the message that holds them: MimeMessage's own properties parse and format each
/// other's headers at every change, which costs more than all the rest of composing.
/// </summary>
/// <param name="names">Headers that the mail has already.</param>
internal sealed class HeaderLines(FormatOptions format, IEnumerable<string>? names = null)
{
    private readonly HashSet<string> _names = new(names ?? [], StringComparer.OrdinalIgnoreCase);
    private readonly List<Header> _headers = new(12);

    public MimeMessage ToMessage() => new(_headers);

    public bool Has(string name) =>
        _names.Contains(name) || _headers.Any(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase));

    public void WriteTo(Stream stream)
    {
        foreach (var header in _headers)
        {
            stream.Write(Encoding.ASCII.GetBytes($"{header.Field}:"));
            stream.Write(header.RawValue);
        }
    }

    public void Addresses(HeaderId id, params ReadOnlySpan<Mailbox> mailboxes)
    {
        if (mailboxes.Length == 0) return;   // RFC 5322 §3.6.3: a list has at least one.
        var list = new InternetAddressList();
        var isEncoded = false;
        foreach (var m in mailboxes)
        {
            isEncoded |= IsEncoded(m.Name);
            list.Add(new MailboxAddress(Encoding.UTF8, m.Name, m.EnvelopeAddress));
        }
        var lines = isEncoded ? "" : list.ToString(format, encode: true);
        Raw(id, isEncoded || HasWord(lines) ? Encoded(id, mailboxes) : lines);
    }

    /// <summary>Each on a line of its own, and the address below its name: the last word may leave no room.</summary>
    private string Encoded(HeaderId id, ReadOnlySpan<Mailbox> mailboxes)
    {
        var lines = new List<string>(mailboxes.Length);
        foreach (var m in mailboxes)
        {
            var column = lines.Count == 0 ? id.ToHeaderName().Length + 2 : 1;
            var line = IsEncoded(m.Name) ? ""
                : new MailboxAddress(Encoding.UTF8, m.Name, m.EnvelopeAddress).ToString(format, encode: true);
            lines.Add(line.Length == 0 || HasWord(line)
                ? $"{EncodedWords.Of(m.Name, column)}\r\n <{m.EnvelopeAddress}>" : line);
        }
        return string.Join(",\r\n ", lines);
    }

    /// <summary>
    /// Of MimeKit's: it encodes what has no blank to fold at, and its lines are longer than they may be.
    /// </summary>
    private static bool HasWord(string written) => written.Contains("=?", StringComparison.Ordinal);

    private bool IsEncoded(string text) => EncodedWords.Needs(text, format.International);

    public void Date(DateTimeOffset at) => Raw(HeaderId.Date, DateUtils.FormatDate(at.ToUniversalTime()));

    /// <summary>A value that is ASCII, folded and checked already.</summary>
    public void Raw(HeaderId id, string value) => _headers.Add(Raw(new Header(id, ""), value));

    /// <inheritdoc cref="Raw(HeaderId, string)"/>
    public void Raw(string name, string value) => _headers.Add(Raw(new Header(name, ""), value));

    public static Header Raw(Header header, string value)
    {
        header.SetRawValue(Encoding.UTF8.GetBytes($" {value}\r\n"));
        return header;
    }

    /// <summary>Free text: folded, and RFC 2047 encoded where it has to be.</summary>
    public void Text(string name, string value)
    {
        var header = IsEncoded(value) ? null : new Header(Encoding.UTF8, name, value);
        // One in UTF-8 is written as such when the mail is.
        if (header is not null && (!Ascii.IsValid(value) || !HasWord(Encoding.ASCII.GetString(header.RawValue))))
            _headers.Add(header);
        else Raw(name, EncodedWords.Of(value, name.Length + 2));
    }
}
