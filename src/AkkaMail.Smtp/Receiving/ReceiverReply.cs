using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// What our server answers: one line, with its enhanced code in the text. Line ends in a text are taken out.
/// </summary>
public sealed record ReceiverReply(int Code, string Text)
{
    public static readonly ReceiverReply Ok = new(250, "2.0.0 Ok");

    /// <summary>Drop the connection without a word, as a crashing receiver does.</summary>
    public static readonly ReceiverReply HangUp = new(0, "");

    /// <summary>Another line of this reply follows (RFC 5321 §4.2.1).</summary>
    internal bool IsContinued { get; init; }

    private byte[]? _line;

    internal byte[] Line => _line ??= Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{Code}{(IsContinued ? '-' : ' ')}{Text.Replace('\r', ' ').Replace('\n', ' ')}\r\n"));
}

/// <summary>Who is at the other end.</summary>
public sealed class SmtpSession(string id, EndPoint? remote)
{
    public string Id { get; } = id;
    public EndPoint? Remote { get; } = remote;

    /// <summary>What the client called itself; empty before EHLO.</summary>
    public string ClientName { get; internal set; } = "";
    public bool IsEncrypted { get; internal set; }

    /// <summary>
    /// Who the client has proved to be, in the words of <see cref="Authenticate"/>, which sets it; null: nobody yet.
    /// </summary>
    public object? Client { get; set; }

    /// <summary>Nobody but the two ends sees what is said: a password may be.</summary>
    internal bool IsPrivate =>
        IsEncrypted || Remote is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);
}

/// <summary>
/// A mail as it came: dot-unstuffed, CRLF lines. <paramref name="Bytes"/> is the session's own buffer, good until the
/// delegate's task ends: copy what is to be kept.
/// </summary>
public sealed record ReceivedMail(
    string MailFrom, ImmutableArray<string> Recipients, bool IsSmtpUtf8, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The mail as a whole, where it is a client's and large: <see cref="Bytes"/> is then only how it begins. It is closed
    /// when the delegate's task ends. Null: it is in memory.
    /// </summary>
    public Stream? Spooled { get; init; }
}

/// <summary>
/// Who a client is, by AUTH (RFC 4954). 235 lets it in, and <see cref="SmtpSession.Client"/> is set by then.
/// </summary>
public delegate ValueTask<ReceiverReply> Authenticate(SmtpSession session, string user, string password);

/// <summary>Whether a recipient is taken; asked at RCPT.</summary>
public delegate ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient);

/// <summary>
/// Takes responsibility for a mail, or does not; asked after the dot. A 250 is a promise (RFC 5321 §6.1).
/// </summary>
public delegate ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail);
