using System.Globalization;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Replies;

public sealed class JudgementTests
{
    /// <summary>The words receivers are known for, as they stand in a session.</summary>
    public static TheoryData<string, ReplyClass> Known => new()
    {
        { "250 2.0.0 OK", ReplyClass.Accepted },
        { "421 4.7.28 Our system has detected an unusual rate of unsolicited mail", ReplyClass.RateLimited },
        { "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", ReplyClass.RateLimited },
        { "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited", ReplyClass.RateLimited },
        { "450 4.7.1 Too many messages, slow down", ReplyClass.RateLimited },
        { "452 4.3.1 Throttled - try again later. RL000001", ReplyClass.RateLimited },
        { "550 Domain frequency limited", ReplyClass.RateLimited },
        { "421 mx.example.net closing connection", ReplyClass.RateLimited },   // Unexplained.
        { "421 Too many concurrent SMTP connections from this IP", ReplyClass.TooManyConnections },
        { "421 4.7.0 Maximum number of connections exceeded", ReplyClass.TooManyConnections },
        { "421 mwinf5c04 ME OFR004_104 [104] Slow down", ReplyClass.TooManyConnections },
        { "450 4.2.0 <{recipient}>: Recipient address rejected: Greylisted", ReplyClass.Greylisted },
        { "451 4.7.1 Greylisting in action, please come back in 5 minutes", ReplyClass.Greylisted },
        { "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", ReplyClass.Blocked },
        { "550 5.7.1 messages weren't sent, part of their network is on our block list (S3150)", ReplyClass.Blocked },
        { "550 5.7.25 The IP address does not have a PTR record", ReplyClass.Blocked },
        { "554 IP=192.0.2.1 - A problem occurred. (Ask tosa@rx.t-online.de)", ReplyClass.Blocked },
        { "550 5.1.1 <{recipient}>: User unknown", ReplyClass.UnknownUser },
        { "550 No such user here", ReplyClass.UnknownUser },
        { "550 5.4.1 Recipient address rejected: Access denied", ReplyClass.UnknownUser },
        { "452 4.2.2 The recipient's inbox is out of storage space", ReplyClass.MailboxFull },
        { "552 Requested mail action aborted", ReplyClass.MailboxFull },
        { "451 4.2.0 Try again later", ReplyClass.MailboxFull },   // X.2.X is about one mailbox, whatever the words.
        { "552 5.3.4 Message size exceeds fixed limit", ReplyClass.Content },
        { "550 5.7.26 fails to pass authentication checks", ReplyClass.Content },
        { "550 5.7.1 This message is likely unsolicited mail and has been blocked", ReplyClass.Content },
        { "421 4.7.27 Your email has been rate limited because SPF did not pass", ReplyClass.Content },
        { "450 4.2.1 The user is receiving mail at a rate that prevents more", ReplyClass.OtherTransient },
        { "421 4.7.0 Too many messages per connection", ReplyClass.OtherTransient },
        { "450 4.1.8 Sender address rejected: Domain not found", ReplyClass.OtherTransient },
        { "451 4.3.0 Temporary lookup failure", ReplyClass.OtherTransient },
        { "554 5.7.1 Relay access denied", ReplyClass.OtherPermanent },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_reply_has_its_class(string reply, ReplyClass expected) => Assert.Equal(expected, ClassOf(reply));

    [Fact]
    public void The_collected_replies_keep_their_classes()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Replies", "lane-replies.tsv"))
            .Select(line => line.Split('\t')).ToList();

        var wrong = rows.Where(row => ClassOf(row[1]).ToString() != row[0])
            .Select(row => $"{ClassOf(row[1])} {row[1]}");

        Assert.True(rows.Count > 60);
        Assert.Empty(wrong);
    }

    public static TheoryData<AttemptEnd, SmtpStep, SmtpReply, ReplyClass> Ends => new()
    {
        { AttemptEnd.NotStarted, SmtpStep.Compose, SmtpReply.Ours("The store does not answer"), ReplyClass.Own },
        { AttemptEnd.InDoubt, SmtpStep.Dot, SmtpReply.None("no answer to the final dot"), ReplyClass.Own },
        { AttemptEnd.Unsendable, SmtpStep.Compose, SmtpReply.Ours("cannot be composed"), ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Dns, SmtpReply.Ours("DNS gave no answer for MX"), ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Dns, SmtpReply.Ours(550, new(5, 1, 2), "No such domain"), ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.MailFrom, SmtpReply.Ours(552, new(5, 3, 4), "Too large"), ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Connect, SmtpReply.None("Connection refused"), ReplyClass.Unreachable },
        { AttemptEnd.Answered, SmtpStep.StartTls, SmtpReply.None("TLS failed: expired"), ReplyClass.Unreachable },
        { AttemptEnd.Answered, SmtpStep.RcptTo, SmtpReply.Parse(552, "5.3.4 Too large"), ReplyClass.Content },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_was_not_asked_of_the_receiver_is_ours(
        AttemptEnd end, SmtpStep step, SmtpReply said, ReplyClass expected) =>
        Assert.Equal(expected, Shipped.Judge(said, end, step, null).Class);

    /// <summary>RFC 3463 codes that we say for a receiver mean what they mean from one.</summary>
    [Theory]
    [InlineData(556, 1, 10, BounceReason.NoMailHost)]
    [InlineData(550, 1, 2, BounceReason.UnknownHost)]
    [InlineData(554, 4, 6, BounceReason.Network)]
    [InlineData(553, 6, 7, BounceReason.BadContent)]
    [InlineData(554, 6, 3, BounceReason.BadContent)]
    [InlineData(552, 3, 4, BounceReason.TooLarge)]
    public void What_we_say_ourselves_is_known_by_its_code(int code, int subject, int detail, BounceReason expected)
    {
        foreach (var words in (string[])["", "mailbox full", "user unknown", "blocked by spamhaus, greylisted"])
        {
            var judged = Shipped.Judge(
                SmtpReply.Ours(code, new(5, subject, detail), words), AttemptEnd.Answered, SmtpStep.Dns, null);

            Assert.Equal((ReplyClass.Own, expected, null),
                (judged.Class, judged.Verdict?.Reason, judged.RetryAfter));
        }
    }

    [Fact]
    public void The_wait_that_is_asked_for_is_judged_with_the_reply()
    {
        Assert.Equal(TimeSpan.FromSeconds(300), JudgedOf("450 4.7.1 Greylisted, try again in 300 seconds").RetryAfter);
        Assert.Null(JudgedOf("450 4.7.1 Greylisted").RetryAfter);
    }

    [Theory]
    [InlineData("Greylisted, try again in 300 seconds", 300)]
    [InlineData("please retry in 5 minutes", 300)]
    [InlineData("You must wait 1 hour before sending again", 3600)]
    [InlineData("Please come back in 90s", 90)]
    [InlineData("retry after an hour", 3600)]
    [InlineData("Try again in 0 seconds", 1)]
    [InlineData("try again in 999999 hours", 86400)]
    [InlineData("try again later", null)]
    [InlineData("Please try again later from [192.0.2.2]. (AS761)", null)]
    [InlineData("sent 300 seconds ago", null)]
    public void A_wait_that_is_asked_for_is_found(string text, int? seconds) =>
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, RetryHint.Of(text));

    private static BounceRules Shipped => BounceRulesReader.Shipped;

    private static ReplyClass ClassOf(string reply) => JudgedOf(reply).Class;

    private static Judgement JudgedOf(string reply) => Shipped.Judge(
        SmtpReply.Parse(int.Parse(reply.AsSpan(0, 3), CultureInfo.InvariantCulture), reply[4..]), AttemptEnd.Answered,
        SmtpStep.RcptTo, null);
}
