using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace AkkaMail.Smtp.Receiving;

internal enum DialogueState { Open, Encrypting, Closed, HangUp }

/// <summary>
/// RFC 5321 as the server sees it: commands and text in, replies out. It knows no socket and no clock.
/// </summary>
internal sealed partial class ReceiverDialogue(
    ReceiverOptions options, SmtpSession session, TakeRecipient takeRecipient, TakeMail takeMail,
    MailMemory memory, Action<ReceiverReply> write) : IDisposable
{
    private readonly DataReader _data = new(options, memory, session);
    private readonly ImmutableArray<string>.Builder _recipients = ImmutableArray.CreateBuilder<string>();
    private string? _mailFrom;
    private bool _isSmtpUtf8, _skipsLine;
    private bool _dataWasRefused;
    private int _commands, _errors;

    public DialogueState State { get; private set; }

    /// <summary>Between 354 and the final dot.</summary>
    public bool IsInData { get; private set; }

    public void Close() => State = DialogueState.Closed;

    /// <summary>RFC 3207 §4.2: after the handshake nothing said before counts.</summary>
    public void Encrypted()
    {
        Reset();
        session.ClientName = "";
        session.IsEncrypted = true;
        session.Client = null;
        State = DialogueState.Open;
    }

    /// <summary>
    /// Commands that are answered before a client has to take the replies: a thousand EHLOs fit into what was read at
    /// once, and their replies are twelve times as long.
    /// </summary>
    private const int CommandsAtOnce = 200;

    /// <summary>What was given back may hold complete commands: they come when the replies have been taken.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Takes what is complete, and gives back the rest.</summary>
    public async ValueTask<ReadOnlySequence<byte>> ReadAsync(ReadOnlySequence<byte> buffer)
    {
        var most = _commands + CommandsAtOnce;
        HasMore = false;
        while (State is DialogueState.Open)
        {
            if (!IsInData && _commands >= most) { HasMore = true; break; }
            if (IsInData)
            {
                if (_data.Read(ref buffer)) await EndDataAsync();
                else if (_data.IsHopeless) { Answer(Refusals.TooLarge); Close(); }
                else break;
            }
            else if (TakeLine(ref buffer) is { } line) await LineAsync(line);
            else break;
        }
        return buffer;
    }

    private ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return line;
        }
        if (buffer.Length < options.CommandMax) return null;
        if (!_skipsLine) Error(Refusals.LongCommand);
        _answer = null;
        _skipsLine = true;
        buffer = buffer.Slice(buffer.End);
        return null;
    }

    private ValueTask LineAsync(ReadOnlySequence<byte> line)
    {
        if (_skipsLine) { _skipsLine = false; return ValueTask.CompletedTask; }
        // RFC 4954 §4: whatever the line is, AUTH ends with it or asks anew.
        var answer = _answer;
        _answer = null;
        if (line.Length >= options.CommandMax) { Error(Refusals.LongCommand); return ValueTask.CompletedTask; }
        if (ClientCommand.TryRead(line, out var text) is not { } refusal)
            return answer is not null ? answer(text) : CommandAsync(text);
        Error(refusal);
        // Who ends lines with a bare LF may be somebody's mail, and not a client.
        if (refusal == Refusals.BareLfInCommand) Close();
        return ValueTask.CompletedTask;
    }

    private ValueTask CommandAsync(string line)
    {
        if (++_commands > options.CommandsMax)
        {
            Answer(Refusals.TooManyCommands);   // A 421, which closes.
            return ValueTask.CompletedTask;
        }
        var dataWasRefused = _dataWasRefused;
        _dataWasRefused = false;
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = space < 0 ? line : line[..space];
        var argument = space < 0 ? "" : line[(space + 1)..];
        switch (verb.ToUpperInvariant())
        {
            case "EHLO": Hello(argument, extended: true); break;
            case "HELO": Hello(argument, extended: false); break;
            case "MAIL": Mail(argument); break;
            case "RCPT": return RecipientAsync(argument);
            case "DATA": Data(argument); break;
            case "RSET": Reset(); Answer(ReceiverReply.Ok); break;
            case "NOOP": Answer(ReceiverReply.Ok); break;
            case "VRFY": Answer(Refusals.Verify); break;
            case "STARTTLS": StartTls(); break;
            case "AUTH": return AuthAsync(argument);
            case "QUIT": Answer(new(221, $"2.0.0 {options.HostName} closes")); Close(); break;
            // Its octets follow at once (RFC 3030 §2), and would be run: CHUNKING is not offered.
            case "BDAT": Error(Refusals.Unknown); Close(); break;
            // A browser that was made to post a form here: its lines are somebody else's commands.
            case "GET" or "HEAD" or "POST" or "PUT" or "CONNECT" or "OPTIONS": Answer(Refusals.NotHttp); break;
            default:
                Error(Refusals.Unknown);
                // A client that did not wait for 354 sends its mail all the same, and commands in it would be run.
                if (dataWasRefused) Close();
                break;
        }
        return ValueTask.CompletedTask;
    }

    private void Hello(string name, bool extended)
    {
        if (name.Length is 0 or > 255) { Error(Refusals.NoName); return; }
        Reset();
        session.ClientName = name;
        if (!extended) { Answer(new(250, options.HostName)); return; }
        // RFC 1870 §3: the most that anybody may bring, who will say AUTH is not known yet.
        var size = options.Authenticate is null ? options.SizeMax : Math.Max(options.SizeMax, options.ClientSizeMax);
        // The lines of one reply: each but the last has a hyphen behind its code.
        string[] lines = [options.HostName, "PIPELINING", $"SIZE {size}", "8BITMIME", "SMTPUTF8",
            .. options.Authenticate is not null && session.IsPrivate ? ["AUTH PLAIN LOGIN"] : Array.Empty<string>(),
            .. options.Certificate is not null && !session.IsEncrypted ? ["STARTTLS"] : Array.Empty<string>()];
        foreach (var line in lines) write(new(250, line) { IsContinued = true });
        Answer(new(250, "ENHANCEDSTATUSCODES"));
    }

    private void Mail(string argument)
    {
        if (session.ClientName.Length == 0) { Error(Refusals.HelloFirst); return; }
        if (_mailFrom is not null) { Error(Refusals.Nested); return; }
        if (!PathArgument.TryParse(argument, "FROM:", out var path)) { Error(Refusals.Syntax); return; }
        if (!path.TryReadMail(options.Authenticate is not null, out var size, out var smtpUtf8))
        {
            Error(Refusals.Parameter);
            return;
        }
        if (size > options.SizeMaxOf(session)) { Answer(Refusals.TooLarge); return; }
        if (!smtpUtf8 && !Ascii.IsValid(path.Address)) { Answer(Refusals.NeedsSmtpUtf8); return; }
        (_mailFrom, _isSmtpUtf8) = (path.Address, smtpUtf8);
        Answer(ReceiverReply.Ok);
    }

    private async ValueTask RecipientAsync(string argument)
    {
        if (_mailFrom is null) { Error(Refusals.MailFirst); return; }
        if (!PathArgument.TryParse(argument, "TO:", out var path)) { Error(Refusals.Syntax); return; }
        if (path.Address.Length == 0) { Error(Refusals.Syntax); return; }
        if (path.Parameters.Length > 0) { Error(Refusals.Parameter); return; }
        if (!_isSmtpUtf8 && !Ascii.IsValid(path.Address)) { Answer(Refusals.NeedsSmtpUtf8); return; }
        var most = session.Client is null ? options.RecipientsMax : options.ClientRecipientsMax;
        if (_recipients.Count >= most) { Answer(Refusals.TooManyRecipients); return; }
        var reply = await takeRecipient(session, _mailFrom, path.Address);
        if (reply.Code is >= 200 and < 300) _recipients.Add(path.Address);
        Answer(reply);
    }

    private void Data(string argument)
    {
        var refusal = argument.Length > 0 ? Refusals.Syntax
            : _mailFrom is null || _recipients.Count == 0 ? Refusals.RecipientFirst : null;
        if (refusal is not null) { Error(refusal); _dataWasRefused = true; return; }
        _data.Begin();
        IsInData = true;
        Answer(Refusals.GoAhead);
    }

    private async ValueTask EndDataAsync()
    {
        IsInData = false;
        var mail = new ReceivedMail(_mailFrom!, _recipients.ToImmutable(), _isSmtpUtf8, _data.Bytes)
        {
            Spooled = _data.Spooled,
        };
        var refusal = RefusalOfData();
        Reset();
        Answer(refusal ?? await takeMail(session, mail));
        _data.End();
        // Whatever stands behind such a mail may be the smuggled one.
        if (refusal == Refusals.BareLineEnd || refusal == Refusals.Nul) Close();
    }

    private ReceiverReply? RefusalOfData() =>
        _data.HasBareLineEnd ? Refusals.BareLineEnd
        : _data.HasNul ? Refusals.Nul
        : _data.HasLongLine ? Refusals.LongLine
        : _data.IsTooLarge ? Refusals.TooLarge
        : _data.HasNoRoom ? Refusals.NoRoom
        : null;

    private void StartTls()
    {
        if (options.Certificate is null || session.IsEncrypted) { Error(Refusals.Unknown); return; }
        Answer(Refusals.Encrypt);
        State = DialogueState.Encrypting;
    }

    private void Reset()
    {
        (_mailFrom, _isSmtpUtf8) = (null, false);
        _recipients.Clear();
    }

    private void Error(ReceiverReply reply)
    {
        Answer(reply);
        if (++_errors < options.ErrorsMax) return;
        Answer(Refusals.TooManyErrors);
        Close();
    }

    public void Dispose() => _data.Dispose();

    private void Answer(ReceiverReply reply)
    {
        if (reply.Code == 0) { State = DialogueState.HangUp; return; }
        write(reply);
        if (reply.Code == 421) Close();   // RFC 5321 §3.8
    }
}
