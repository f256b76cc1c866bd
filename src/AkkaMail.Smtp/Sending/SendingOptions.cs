using System.Net;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Composing;

namespace AkkaMail.Smtp.Sending;

/// <summary>How this node speaks to the world. Checked where it is bound; here it is taken as right.</summary>
public sealed record SendingOptions
{
    /// <summary>What holds where nobody says otherwise.</summary>
    public static SendingOptions Default { get; } = new() { EhloName = "localhost" };

    /// <summary>RFC 5321 §4.1.1.1: our name in full. Receivers compare it with the address's reverse name.</summary>
    public required string EhloName { get; init; }

    /// <summary>
    /// Everything goes to this host instead of MX when set; a name is looked up by the system, as in a hosts file.
    /// </summary>
    public DnsEndPoint? Relay { get; init; }

    /// <summary>Port of MX hosts.</summary>
    public int Port { get; init; } = 25;

    /// <summary>Local address of the default source; null lets the system choose.</summary>
    public IPAddress? SourceAddress { get; init; }

    /// <summary>
    /// How long a host whose TLS broke gets plain text where that is allowed, and how many such hosts are remembered.
    /// </summary>
    public TimeSpan BrokenTlsFor { get; init; } = TimeSpan.FromDays(3);
    public int BrokenTlsMax { get; init; } = 10_000;

    /// <summary>Authorities trusted beside the system's, e.g. that of an own smarthost.</summary>
    public X509Certificate2Collection TrustedRoots { get; init; } = [];

    /// <summary>Gives the password a smarthost's variable names; null when it is not set.</summary>
    public Func<string, string?> Secret { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>
    /// Connections at once, over all hosts and lanes; what needs one more is tried again later. A process that has used
    /// up its open files can write nothing any more.
    /// </summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>Kept connections without work, over all hosts; one more is closed instead of kept.</summary>
    public int IdleConnectionsMax { get; init; } = 2_000;

    /// <summary>How long a connection without work is kept. Receivers close theirs after a minute or more.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By which replies are judged; asked anew each time, so that a reload takes effect at once.</summary>
    public Func<BounceRules> Rules { get; init; } = () => BounceRulesReader.Shipped;

    public StepTimeouts Timeouts { get; init; } = new();

    /// <summary>Signatures and the headers and return path that say whose a mail is.</summary>
    public OutgoingIdentity Identity { get; init; } = OutgoingIdentity.None;

    /// <summary>
    /// Told of a message whose content cannot be made into a mail though it was taken; for the log.
    /// </summary>
    public Action<MessageId, Exception> Uncomposable { get; init; } = (_, _) => { };

    /// <summary>
    /// Why nothing may be sent to a recipient any more, by tenant, stream and recipient; null: nobody minds. Asked
    /// before each attempt. When it throws a <see cref="StillUnknownException"/> the attempt is not begun.
    /// </summary>
    public Func<string, string, Mailbox, CancellationToken, ValueTask<string?>> Suppressed { get; init; } =
        (_, _, _, _) => ValueTask.FromResult<string?>(null);

    /// <summary>Reads <c>host:port</c>; a missing port is 25.</summary>
    public static DnsEndPoint ParseRelay(string text)
    {
        if (IPEndPoint.TryParse(text, out var end)) return new(end.Address.ToString(), end.Port == 0 ? 25 : end.Port);
        var colon = text.LastIndexOf(':');
        return colon < 0 ? new(text, 25)
            : new(text[..colon], int.Parse(text.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>What has to be known before mail may leave cannot be found out now.</summary>
public sealed class StillUnknownException : Exception
{
    public StillUnknownException() { }
    public StillUnknownException(string message) : base(message) { }
    public StillUnknownException(string message, Exception? cause) : base(message, cause) { }
}

/// <summary>
/// How long each step may take. RFC 5321 §4.5.3.2 asks for minutes; what comes before MAIL is shorter here, since
/// another host may be waiting to be tried.
/// </summary>
public sealed record StepTimeouts
{
    public static StepTimeouts Default { get; } = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan Banner { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan Ehlo { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan StartTls { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>RFC 5321 §4.5.3.2.2 and .3: 5 minutes.</summary>
    public TimeSpan MailFrom { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan RcptTo { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>RFC 5321 §4.5.3.2.4 (2 minutes) and .5: for the 354, and again for each block of the mail.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>RFC 5321 §4.5.3.2.6: 10 minutes. Giving up sooner makes duplicates.</summary>
    public TimeSpan Dot { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan For(SmtpStep step) => step switch
    {
        SmtpStep.Connect => Connect,
        SmtpStep.Banner => Banner,
        SmtpStep.StartTls => StartTls,
        SmtpStep.MailFrom => MailFrom,
        SmtpStep.RcptTo => RcptTo,
        SmtpStep.Data => Data,
        SmtpStep.Dot => Dot,
        _ => Ehlo,   // RSET and QUIT too: they ask for nothing that takes time.
    };
}
