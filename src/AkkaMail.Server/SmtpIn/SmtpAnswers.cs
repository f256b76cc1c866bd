using AkkaMail.Core.Ids;
using AkkaMail.Server.Http;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Receiving;

namespace AkkaMail.Server.SmtpIn;

/// <summary>What HTTP says by status and problem, in the words of SMTP (RFC 3463, RFC 4954 §6).</summary>
internal static class SmtpAnswers
{
    public static readonly ReceiverReply
        Welcome = new(235, "2.7.0 Welcome"),
        NoTenant = new(535, "5.7.8 No tenant has this user's name"),
        KeyEnded = new(421, "4.7.0 The key is no longer good here: log in again");

    /// <summary>Octets of a text; RFC 5321 §4.5.3.1.5 allows a line of 512.</summary>
    private const int TextMax = 480;

    public static ReceiverReply Promised(SubmissionId id, DateTimeOffset? sendAt) =>
        new(250, $"2.0.0 Accepted as {id}{(sendAt is null ? "" : $" for {sendAt:yyyy-MM-ddTHH:mm:ssZ}")}");

    public static ReceiverReply KeyInUse(SubmissionId first) => new(554,
        $"5.6.0 {SubmittedMail.KeyHeader} was used with another From, subject or recipients: it stands for {first}");

    public static ReceiverReply ToLogin(Problem problem) => problem.Status switch
    {
        429 => new(421, Text("4.7.0", problem)),
        503 => new(454, Text("4.7.0", problem)),
        401 => new(535, $"5.7.8 {problem.Title}: the password has to be a key"),
        _ => new(535, Text("5.7.8", problem)),
    };

    /// <summary>The key is right, and nothing is taken for its tenant now.</summary>
    public static ReceiverReply NotNow(Problem problem) => new(454, Text("4.7.0", problem));

    public static ReceiverReply To(Problem problem) => problem.Status switch
    {
        429 => new(451, Text("4.7.1", problem)),
        >= 500 => new(451, Text("4.3.0", problem)),
        403 => new(550, Text("5.7.1", problem)),
        422 when problem.Errors is [{ Field: "from" }, ..] => new(550, Text("5.7.1", problem)),
        _ => new(554, Text("5.6.0", problem)),
    };

    private static string Text(string code, Problem problem)
    {
        // A program shows the whole line to whoever looks for the cause; the title of a 422 says nothing.
        var text = problem.Errors is { Count: > 0 }
            ? string.Join("; ", problem.Errors.Take(3).Select(e => $"{e.Field} {e.Message}"))
            : problem.Detail is { } detail ? $"{problem.Title}: {detail}" : problem.Title;
        return $"{code} {(text.Length > TextMax ? text[..TextMax] : text)}";
    }
}
