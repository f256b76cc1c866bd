using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AkkaMail.Core.Attempts;

namespace AkkaMail.Core.Replies;

/// <summary>
/// What a reply tells about the lane, by general rules: the code decides where receivers keep to RFC 3463, the words
/// where they do not.
/// </summary>
public static partial class ReplyClasses
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    public static ReplyClass Of(Attempt attempt) => attempt switch
    {
        { End: not AttemptEnd.Answered } => ReplyClass.Own,
        { Reply.IsAccepted: true } => ReplyClass.Accepted,
        // DNS is between us and the receiver: it has not said a word.
        { Step: SmtpStep.Dns or SmtpStep.Compose } => ReplyClass.Own,
        // One domain's policy refused one of its hosts: the others on that host must not suffer for it.
        { Reply: { Code: 0, Text: var text } } when text.Contains("MTA-STS policy", StringComparison.Ordinal) =>
            ReplyClass.Own,
        { Reply.Code: 0 } => ReplyClass.Unreachable,
        _ when IsOurs(attempt.Reply) => ReplyClass.Own,
        _ => Of(attempt.Reply),
    };

    /// <summary>What patterns are matched against: <c>421 4.7.28 text</c>.</summary>
    public static string Line(SmtpReply reply) =>
        reply.Enhanced is { } enhanced ? $"{reply.Code} {enhanced} {reply.Text}" : $"{reply.Code} {reply.Text}";

    /// <summary>Answered by us from what EHLO offered (Smtp's Replies): MAIL was never said.</summary>
    private static bool IsOurs(SmtpReply reply) =>
        reply is { Code: 553, Enhanced: { Class: 5, Subject: 6, Detail: 7 } }
            && reply.Text.StartsWith("The receiver does not offer SMTPUTF8", StringComparison.Ordinal)
        || reply is { Code: 554, Enhanced: { Class: 5, Subject: 6, Detail: 3 } }
            && reply.Text.StartsWith("The receiver does not offer 8BITMIME", StringComparison.Ordinal)
        || reply is { Code: 552, Enhanced: { Class: 5, Subject: 3, Detail: 4 } } && OurSize().IsMatch(reply.Text);

    private static ReplyClass Of(SmtpReply reply)
    {
        var line = Line(reply);
        foreach (var row in Table)
            if (row.Words.IsMatch(line) && (row.Class != ReplyClass.Greylisted || !reply.IsPermanent))
                return row.Class == ReplyClass.OtherTransient ? Other(reply) : row.Class;
        return reply switch
        {
            // RFC 5321 §4.2.2: exceeded storage allocation.
            { Code: 552, Enhanced: null or { Subject: 2 } } => ReplyClass.MailboxFull,
            // RFC 3463 §3.3: X.2.X is about one mailbox, whatever the words.
            { IsPermanent: false, Enhanced.Subject: 2 } => ReplyClass.MailboxFull,
            { Code: 421 } => ReplyClass.RateLimited,   // "Not now" without a reason: slower is never wrong.
            _ => Other(reply),
        };
    }

    private static ReplyClass Other(SmtpReply reply) =>
        reply.IsPermanent ? ReplyClass.OtherPermanent : ReplyClass.OtherTransient;

    private sealed record Row(ReplyClass Class, Regex Words)
    {
        public Row(ReplyClass @class, params string[] words)
            : this(@class, new Regex(string.Join('|', words), Options)) { }
    }

    [GeneratedRegex(@"^The mail has \d+ octets, the receiver takes \d+$", Options)]
    private static partial Regex OurSize();
}
