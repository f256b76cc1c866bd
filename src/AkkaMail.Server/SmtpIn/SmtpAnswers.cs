using AkkaMail.Core.Ids;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.SmtpIn;

/// <summary>A refusal as SMTP says it (RFC 3463, RFC 4954 §6).</summary>
internal static class SmtpAnswers
{
    public static readonly ReceiverReply
        Welcome = new(235, "2.7.0 Welcome"),
        NoTenant = new(535, "5.7.8 No tenant has this user's name"),
        KeyEnded = new(421, "4.7.0 The key is no longer good here: log in again");

    /// <summary>Octets of a text; RFC 5321 §4.5.3.1.5 allows a line of 512.</summary>
    private const int TextMax = 480;

    /// <summary>Postfix's words: programs look for the id in them.</summary>
    public static ReceiverReply Promised(SubmissionId id) => new(250, $"2.0.0 Ok: queued as {id}");

    public static ReceiverReply Faulty(FaultyMail fault)
    {
        var refusal = Refusal.Field(fault.Header.Length == 0 ? "The mail" : fault.Header, fault.Problem);
        return fault.IsAmbiguous ? new(550, Text("5.6.0", refusal)) : To(refusal);
    }

    public static ReceiverReply ForeignReturnPath(string stream) => new(550,
        $"5.7.1 The stream {stream} keeps MAIL FROM, which has to be empty or of a verified domain of yours");

    public static ReceiverReply KeyInUse(SubmissionId first) => new(554,
        $"5.6.0 {SubmittedMail.KeyHeader} was used with another From, subject or recipients: it stands for {first}");

    public static ReceiverReply ToLogin(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.TooManyWrongKeys => new(421, Text("4.7.0", refusal)),
        RefusalCode.Unavailable => new(454, Text("4.7.0", refusal)),
        RefusalCode.KeyWrong or RefusalCode.KeyExpired =>
            new(535, $"5.7.8 {refusal.Title}: the password has to be a key"),
        _ => new(535, Text("5.7.8", refusal)),
    };

    /// <summary>The key is right, and nothing is taken for its tenant now.</summary>
    public static ReceiverReply NotNow(Refusal refusal) => new(454, Text("4.7.0", refusal));

    /// <summary>The one table from a refusal of a mail to SMTP.</summary>
    public static ReceiverReply To(Refusal refusal) => refusal.Code switch
    {
        RefusalCode.KeyWrong or RefusalCode.KeyExpired or RefusalCode.KeyScope or RefusalCode.KeyNetwork
            or RefusalCode.TooManyWrongKeys => KeyEnded,
        RefusalCode.OverQuota or RefusalCode.Busy => new(451, Text("4.7.1", refusal)),
        RefusalCode.LedgerFull or RefusalCode.Unavailable or RefusalCode.Internal => new(451, Text("4.3.0", refusal)),
        RefusalCode.SenderNotVerified or RefusalCode.TenantSuspended => new(550, Text("5.7.1", refusal)),
        RefusalCode.TooLarge => new(552, Text("5.3.4", refusal)),
        _ => new(554, Text("5.6.0", refusal)),
    };

    private static string Text(string code, Refusal refusal)
    {
        // A program shows the whole line to whoever looks for the cause; the title of a 422 says nothing.
        var text = refusal.Errors.Count > 0
            ? string.Join("; ", refusal.Errors.Take(3).Select(e => $"{e.Field} {e.Message}"))
            : refusal.Detail is { } detail ? $"{refusal.Title}: {detail}" : refusal.Title;
        return $"{code} {(text.Length > TextMax ? text[..TextMax] : text)}";
    }
}
