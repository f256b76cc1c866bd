using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;
using Fault = AkkaMail.Core.Replies.BounceFault;

namespace AkkaMail.Core.Tests.Replies;

public sealed class ReplyRuleTests
{
    /// <summary>What receivers say, whom it blames and how long it holds.</summary>
    public static TheoryData<string, string, Fault, Permanence> Known => new()
    {
        {
            "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
            "unknown_user", Fault.Recipient, Permanence.Hard
        },
        {
            "550 5.4.1 Recipient address rejected: Access denied",
            "unknown_user", Fault.Recipient, Permanence.Hard
        },
        { "556 5.1.10 Recipient address has null MX", "no_mail_host", Fault.Recipient, Permanence.Hard },
        {
            "452 4.2.2 The recipient's inbox is out of storage space",
            "mailbox_full", Fault.Recipient, Permanence.Transient
        },
        { "552 5.2.2 Over quota", "mailbox_full", Fault.Recipient, Permanence.Soft },
        {
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            "blocked", Fault.Infrastructure, Permanence.Soft
        },
        {
            "550 5.7.25 The IP address does not have a PTR record",
            "no_reverse_dns", Fault.Infrastructure, Permanence.Soft
        },
        {
            "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred",
            "rate_limited", Fault.Infrastructure, Permanence.Transient
        },
        {
            "550 5.7.26 Unauthenticated email from a.test is not accepted due to domain's DMARC policy",
            "not_authenticated", Fault.Sender, Permanence.Soft
        },
        {
            "550 5.7.1 This message is likely unsolicited mail and has been blocked",
            "spam", Fault.Content, Permanence.Soft
        },
        { "552 5.3.4 Message size exceeds fixed limit", "too_large", Fault.Content, Permanence.Soft },
        { "554 5.7.1 Relay access denied", "relay_denied", Fault.Sender, Permanence.Soft },
        { "451 4.3.0 Temporary server error", "system_error", Fault.Receiver, Permanence.Transient },
        { "hello?", "unclear", Fault.Receiver, Permanence.Soft },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_reply_has_its_reason(string reply, string reason, Fault fault, Permanence permanence)
    {
        var verdict = BounceRulesReader.Shipped.Classify(reply);

        Assert.Equal((reason, fault, permanence), (verdict.Reason.ToWord(), verdict.Fault, verdict.Permanence));
    }

    /// <summary>A name is nobody's fault: what looks like words of a reply inside an address decides nothing.</summary>
    [Theory]
    [InlineData("550 5.1.1 <mailbox.full@example.com>: User unknown", BounceReason.UnknownUser)]
    [InlineData("452 4.2.2 <no-such-user@spamhaus.example>: Mailbox full", BounceReason.MailboxFull)]
    public void An_address_does_not_decide(string reply, BounceReason reason) =>
        Assert.Equal(reason, BounceRulesReader.Shipped.Classify(reply).Reason);

    [Fact]
    public void Only_a_recipients_fault_is_ever_hard() => Assert.All(Enum.GetValues<BounceReason>(), reason =>
        Assert.True(
            Reasons.Permanence(reason, false) != Permanence.Hard || Reasons.Fault(reason) == Fault.Recipient));

    /// <summary>After DATA the address had been taken: the same words are a filter's.</summary>
    [Fact]
    public void An_unknown_user_after_the_data_is_not_hard()
    {
        var rules = BounceRulesReader.Shipped;

        Assert.Equal(Permanence.Hard, rules.Classify("550 No such user", new(Step: SmtpStep.RcptTo)).Permanence);
        Assert.Equal(Permanence.Soft, rules.Classify("550 No such user", new(Step: SmtpStep.Dot)).Permanence);
    }

    [Theory]
    [InlineData("550 5.1.1 x", 550, "5.1.1")]
    [InlineData("550-5.7.26 first\n550 5.7.26 last", 550, "5.7.26")]
    [InlineData("550: 5.2.2 x", 550, "5.2.2")]
    [InlineData("550 #5.1.0 Address rejected", 550, "5.1.0")]
    [InlineData("host mx.test[192.0.2.1] said: 450 4.2.2 full (in reply to RCPT TO command)", 450, "4.2.2")]
    [InlineData("#550 5.2.2 STOREDRV.Deliver", 550, "5.2.2")]
    [InlineData("Sorry, no MX. (#5.4.4)", 0, "5.4.4")]
    [InlineData("5.1.0 - Unknown address error '5.7.1 Access denied'", 0, "5.7.1")]
    [InlineData("connected to 5.5.5.5 for 421 seconds", 0, null)]
    [InlineData("", 0, null)]
    public void Code_and_status_are_found_where_they_stand(string text, int code, string? status)
    {
        var read = ReplyText.Read(text, null, SmtpStep.None);

        Assert.Equal((code, status), (read.Code, read.Status?.ToString()));
    }
}
