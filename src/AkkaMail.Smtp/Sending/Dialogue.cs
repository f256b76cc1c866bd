using System.Buffers;
using System.Text;
using AkkaMail.Core.Replies;
using MailKit;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Follows one connection's dialogue from its log: which step waits for a reply, what refused the transaction, and
/// whether the final dot has left. MailKit's hooks would not do: with PIPELINING it reads the replies to MAIL and RCPT
/// in one go, and an exception does not say where it happened. It also moves the deadline from step to step.
/// </summary>
internal sealed class Dialogue(StepTimeouts timeouts) : IProtocolLogger
{
    /// <summary>
    /// Octets of one reply, all lines. A receiver that talks on is cut off, it would fill our memory.
    /// </summary>
    private const int ReplyMax = 64 * 1024;

    /// <summary>Octets of a reply's text that are kept; what comes after is counted only.</summary>
    private const int TextMax = 2 * SmtpReply.TextMax;

    private readonly Queue<SmtpStep> _awaited = new();
    private readonly ArrayBufferWriter<byte> _text = new(256);
    private CancellationTokenSource? _deadline;
    private SmtpStep _current = SmtpStep.Connect;
    private int _code, _column, _octets;
    private uint _tail;
    private bool _more, _inBody, _inAuth;

    /// <summary>The step that waits for an answer, or the last that got one.</summary>
    public SmtpStep Step => _awaited.TryPeek(out var step) ? step : _inAuth ? SmtpStep.Auth : _current;

    /// <summary>
    /// The first reply that refused this transaction, and its step; what follows is only clearing up.
    /// </summary>
    public (SmtpStep Step, int Code, string Text)? Refusal { get; private set; }

    public int LastCode { get; private set; }
    public bool MailAccepted { get; private set; }
    public bool DotSent { get; private set; }

    /// <summary>Octets after DATA in this transaction, with what the protocol adds.</summary>
    public long BodyOctets { get; private set; }
    public bool TlsBegun { get; private set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <summary>A new connection: the banner is awaited.</summary>
    public void BeginConnection(CancellationTokenSource deadline)
    {
        _deadline = deadline;
        Await(SmtpStep.Banner);
        Move();
    }

    /// <summary>From here to the first transaction it is AUTH, whose lines have no verbs (RFC 4954 §4).</summary>
    public void BeginAuth() => _inAuth = true;

    /// <summary>A new transaction on this connection.</summary>
    public void BeginTransaction(CancellationTokenSource deadline)
    {
        _deadline = deadline;
        _awaited.Clear();
        _current = SmtpStep.MailFrom;
        Refusal = null;
        MailAccepted = DotSent = _inBody = _inAuth = false;
        BodyOctets = 0;
        Move();
    }

    /// <summary>The transaction is over: its deadline must not be moved any more, it may be gone.</summary>
    public void End() => _deadline = null;

    public void LogConnect(Uri uri) { }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        var bytes = buffer.AsSpan(offset, count);
        if (_inBody) { LogBody(bytes); return; }
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            Await(_inAuth ? SmtpStep.Auth : StepOf(bytes));
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }
        Move();
    }

    private void LogBody(ReadOnlySpan<byte> bytes)
    {
        BodyOctets += bytes.Length;
        // The four octets before the last LF: dots at a line's start are doubled, so this is the end.
        if (bytes.Length > 5) { bytes = bytes[^5..]; _tail = 0; }
        foreach (var b in bytes)
        {
            if (b == '\n' && _tail == 0x0D0A2E0D) { DotSent = true; _inBody = false; Await(SmtpStep.Dot); }
            _tail = (_tail << 8) | b;
        }
        Move();
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        foreach (var b in buffer.AsSpan(offset, count))
        {
            if (++_octets > ReplyMax) throw new IOException($"A reply of over {ReplyMax} octets");
            if (b == '\n') EndLine();
            else if (_column < 3) { _code = _code * 10 + (b - '0'); _column++; }
            else if (_column == 3) { _more = b == '-'; _column++; }
            else if (b != '\r' && _text.WrittenCount < TextMax) Append(b);
        }
    }

    private void EndLine()
    {
        var more = _more;
        _column = 0;
        _more = false;
        if (more) { _code = 0; Append((byte)'\n'); return; }
        Answered(_code);
        _code = _octets = 0;
        _text.ResetWrittenCount();
        Move();
    }

    private void Answered(int code)
    {
        if (_awaited.TryDequeue(out var step)) _current = step;
        LastCode = code;
        // Anything else out of range is no SMTP reply; MailKit says so.
        if (code is >= 400 and < 600) Refusal ??= (_current, code, Encoding.UTF8.GetString(_text.WrittenSpan));
        else if (_current == SmtpStep.MailFrom) MailAccepted = true;
        else if (_current == SmtpStep.StartTls) TlsBegun = true;
        else if (_current == SmtpStep.Data && code == 354) { _inBody = true; _tail = 0; }
    }

    private void Append(byte b)
    {
        _text.GetSpan(1)[0] = b;
        _text.Advance(1);
    }

    private void Await(SmtpStep step) => _awaited.Enqueue(step);

    private void Move() => _deadline?.CancelAfter(timeouts.For(Step));

    private static SmtpStep StepOf(ReadOnlySpan<byte> line) =>
        line.StartsWith("MAIL"u8) ? SmtpStep.MailFrom
        : line.StartsWith("RCPT"u8) ? SmtpStep.RcptTo
        : line.StartsWith("DATA"u8) ? SmtpStep.Data
        : line.StartsWith("EHLO"u8) || line.StartsWith("HELO"u8) ? SmtpStep.Ehlo
        : line.StartsWith("STARTTLS"u8) ? SmtpStep.StartTls
        : SmtpStep.None;

    public void Dispose() { }
}
