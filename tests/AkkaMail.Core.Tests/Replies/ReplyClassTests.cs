using System.Globalization;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Replies;

public sealed class ReplyClassTests
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

    public static TheoryData<AttemptEnd, SmtpStep, int, string, ReplyClass> Ends => new()
    {
        { AttemptEnd.NotStarted, SmtpStep.Compose, 0, "The content store does not answer", ReplyClass.Own },
        { AttemptEnd.InDoubt, SmtpStep.Dot, 0, "no answer to the final dot", ReplyClass.Own },
        { AttemptEnd.Unsendable, SmtpStep.Compose, 0, "cannot be composed", ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Dns, 0, "DNS gave no answer for MX", ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Dns, 550, "5.1.2 The recipient's domain does not exist", ReplyClass.Own },
        { AttemptEnd.Answered, SmtpStep.Connect, 0, "Connection refused", ReplyClass.Unreachable },
        { AttemptEnd.Answered, SmtpStep.StartTls, 0, "TLS failed: expired", ReplyClass.Unreachable },
        {
            AttemptEnd.Answered, SmtpStep.MailFrom, 553,
            "5.6.7 The receiver does not offer SMTPUTF8, which an address or a header of this mail needs",
            ReplyClass.Own
        },
        {
            AttemptEnd.Answered, SmtpStep.MailFrom, 554,
            "5.6.3 The receiver does not offer 8BITMIME, which this mail needs as it is", ReplyClass.Own
        },
        {
            AttemptEnd.Answered, SmtpStep.MailFrom, 552, "5.3.4 The mail has 9 octets, the receiver takes 8",
            ReplyClass.Own
        },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void What_was_not_asked_of_the_receiver_is_ours(
        AttemptEnd end, SmtpStep step, int code, string text, ReplyClass expected) =>
        Assert.Equal(expected, ReplyClasses.Of(Attempt(end, step, SmtpReply.Parse(code, text))));

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

    private static ReplyClass ClassOf(string reply) => ReplyClasses.Of(Attempt(AttemptEnd.Answered, SmtpStep.RcptTo,
        SmtpReply.Parse(int.Parse(reply.AsSpan(0, 3), CultureInfo.InvariantCulture), reply[4..])));

    private static Attempt Attempt(AttemptEnd end, SmtpStep step, SmtpReply reply) =>
        new(default, "example.net", reply, end, null, null, step, null, default, default);
}
