using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound;

/// <summary>What was done about a mail that came in; the numbers are stored.</summary>
public enum InboundOutcome : byte
{
    /// <summary>Not looked at yet.</summary>
    [Word("waiting")] Waiting = 0,

    /// <summary>The message's story has it.</summary>
    [Word("recorded")] Recorded = 1,

    /// <summary>The story had it: the same report came before.</summary>
    [Word("repeat")] Repeat = 2,

    /// <summary>A delay or a success: nothing has failed.</summary>
    [Word("noted")] Noted = 3,

    /// <summary>An answer by a program for somebody who is away.</summary>
    [Word("auto_reply")] AutoReply = 4,

    /// <summary>No format we know. It is read again when the rules change.</summary>
    [Word("unclear")] Unclear = 5,

    /// <summary>It names no message of ours.</summary>
    [Word("unattributed")] Unattributed = 6,

    /// <summary>It says it is from a domain that disowns such mail (DMARC).</summary>
    [Word("unverified")] Unverified = 7,

    /// <summary>The message is not in this installation any more.</summary>
    [Word("unknown_message")] UnknownMessage = 8,

    /// <summary>A report of DMARC or TLS: its figures are with the domain.</summary>
    [Word("domain_report")] DomainReport = 9,

    /// <summary>A report of DMARC or TLS that was not taken; why stands beside it.</summary>
    [Word("refused")] Refused = 10,

    /// <summary>A mail for people: to postmaster or abuse.</summary>
    [Word("for_people")] ForPeople = 11,

    /// <summary>A mail for people that was passed on: the message it goes as stands beside it.</summary>
    [Word("passed_on")] PassedOn = 12,
}

/// <summary>
/// What a mail says about a message: <paramref name="Amendment"/> is null when its story does not change.
/// <paramref name="Result"/> is the line of the mail that decided, null when it has none.
/// </summary>
public sealed record Returning(InboundOutcome Outcome, Amendment? Amendment, BounceResult? Result);

/// <summary>What follows from a mail that came back.</summary>
public static class InboundJudge
{
    /// <summary>
    /// Feedback that is a complaint: somebody pressed a button. <c>auth-failure</c> and <c>dmarc</c> are about forgers,
    /// <c>not-spam</c> is the opposite, and what <c>other</c> is, nobody knows.
    /// </summary>
    private static readonly string[] Complaints = ["abuse", "fraud", "virus"];

    private const string OptOut = "opt-out";

    /// <param name="recipient">The message's address; null: it has been erased.</param>
    /// <param name="sentBy">Whose the message is.</param>
    /// <param name="way">The attempt's that it is about; null: it was never tried.</param>
    /// <param name="reporter">Who says so, for people: a loop's name, a domain, or an address.</param>
    /// <param name="mail">The number of the mail.</param>
    public static Returning Judge(
        ImmutableArray<BounceResult> results, MessageId message, SentBy sentBy, Way? way, string? recipient,
        string reporter, long mail)
    {
        if (Choose(results, recipient) is not { } result) return new(InboundOutcome.Unclear, null, null);
        AmendmentKind? kind = result.Kind switch
        {
            BounceKind.Bounce => AmendmentKind.LateBounce,
            BounceKind.Feedback when Complaints.Contains(result.FeedbackType) => AmendmentKind.Complaint,
            BounceKind.Feedback when result.FeedbackType == OptOut => AmendmentKind.OptOut,
            _ => null,
        };
        if (kind is not { } amended)
            return new(result.Kind switch
            {
                BounceKind.Vacation => InboundOutcome.AutoReply,
                BounceKind.Other => InboundOutcome.Unclear,
                _ => InboundOutcome.Noted,
            }, null, result);
        // What a complaint says in prose is the provider's covering letter, and often quotes addresses.
        var reply = amended == AmendmentKind.LateBounce ? ReplyOf(result, recipient) : SmtpReply.None("");
        return new(InboundOutcome.Recorded, new(message, amended, HashOf(message, amended, result, reply), reporter,
            amended == AmendmentKind.LateBounce ? null : result.FeedbackType, reply, result.Verdict, way?.Source,
            way?.Site, mail)
        {
            SentBy = sentBy,
            Provider = way?.Provider,
            IsOfAnother = recipient is not null && result.Recipient.Length > 0
                && !result.Recipient.Equals(recipient, StringComparison.OrdinalIgnoreCase),
        }, result);
    }

    /// <summary>
    /// A return path is one message's, so one line decides: the one of its recipient, else the first that failed. An
    /// address that forwards is told by the name of where it leads.
    /// </summary>
    private static BounceResult? Choose(ImmutableArray<BounceResult> results, string? recipient) =>
        results.FirstOrDefault(r => r.Kind != BounceKind.Other && recipient is not null
            && r.Recipient.Equals(recipient, StringComparison.OrdinalIgnoreCase))
        ?? results.FirstOrDefault(r => r.Kind is BounceKind.Bounce or BounceKind.Feedback)
        ?? results.FirstOrDefault(r => r.Kind != BounceKind.Other);

    /// <summary>The words of the report as a reply. No address is journaled, the recipient's or another's.</summary>
    private static SmtpReply ReplyOf(BounceResult result, string? recipient)
    {
        var text = result.Reply.Trim();
        var reply = text.Length >= 4 && text[3] is ' ' or '-' && IsCode(text.AsSpan(0, 3))
            ? SmtpReply.Parse(int.Parse(text.AsSpan(0, 3), CultureInfo.InvariantCulture), text[4..].TrimStart())
            : SmtpReply.None(text);
        if (reply.Enhanced is null && result.Status is { } status) reply = reply with { Enhanced = status };
        return reply with { Text = AddressMarks.Replace(reply.Text, recipient) };
    }

    private static bool IsCode(ReadOnlySpan<char> text) =>
        text[0] is >= '2' and <= '5' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]);

    /// <summary>
    /// Of what is said and not of its octets: the same report sent twice has another date and another way.
    /// </summary>
    private static Hash128 HashOf(MessageId message, AmendmentKind kind, BounceResult result, SmtpReply reply) =>
        Hash128.Of(Encoding.UTF8.GetBytes(string.Join('\n', message.ToString(), kind.ToWord(),
            result.FeedbackType, result.Verdict?.Reason.ToWord(), reply.Code.ToString(CultureInfo.InvariantCulture),
            reply.Enhanced?.ToString(), reply.Text)));
}
