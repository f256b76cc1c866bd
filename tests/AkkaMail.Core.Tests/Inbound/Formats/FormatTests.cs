using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Inbound.Formats;

/// <summary>The formats in their shortest form, each as a server of its kind would write it.</summary>
public sealed class FormatTests
{
    [Fact]
    public void A_DSN_tells_each_recipient_apart()
    {
        var results = Parse(Written.Of("""
            From: MAILER-DAEMON@mx.test
            Subject: Undelivered Mail Returned to Sender
            """, ("message/delivery-status", """
            Reporting-MTA: dns; mx.test

            Final-Recipient: rfc822; ann@a.test
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User unknown

            Final-Recipient: rfc822; bob@a.test
            Action: delayed
            Status: 4.2.2
            Diagnostic-Code: smtp; 452 4.2.2
              Mailbox full

            Final-Recipient: rfc822; eve@a.test
            Action: relayed
            Status: 2.0.0
            """)));

        Assert.Equal(
        [
            ("ann@a.test", BounceKind.Bounce, "unknown_user", "5.1.1"),
            ("bob@a.test", BounceKind.Delayed, "mailbox_full", "4.2.2"),
            ("eve@a.test", BounceKind.Delivered, null, "2.0.0"),
        ], results.Select(r => (r.Recipient, r.Kind, r.Verdict?.Reason.ToWord(), r.Status?.ToString())));
    }

    /// <summary>RFC 6533 §3: a report in ASCII has the characters of an address by their numbers.</summary>
    [Theory]
    [InlineData(@"utf-8; zo\x{EB}@far.test", "zoë@far.test")]
    [InlineData(@"UTF-8;\x{90AE}\x{4EF6}@b\x{FC}cher.test", "邮件@bücher.test")]
    [InlineData("utf-8; zoë@far.test", "zoë@far.test")]
    [InlineData(@"utf-8; a\x{D800}@far.test", "x{D800}@far.test")]   // No character.
    [InlineData(@"rfc822; a\x{A}@far.test", "x{A}@far.test")]        // Nor one of an address.
    public void A_recipient_in_the_ASCII_form_of_UTF_8_is_the_same(string field, string address)
    {
        var results = Parse(Written.Of("From: MAILER-DAEMON@far.test", ("message/global-delivery-status",
            $"Reporting-MTA: dns; mx.far.test\n\nFinal-Recipient: {field}\nAction: failed\nStatus: 5.1.1\n")));

        Assert.Equal(address, Assert.Single(results).Recipient);
    }

    [Fact]
    public void A_complaint_names_whose_it_is() => Assert.Equal(("ann@a.test", BounceKind.Feedback, "abuse"), Only(
        Written.Of("From: fbl@provider.test", ("message/feedback-report", """
            Feedback-Type: abuse
            Version: 1
            Original-Rcpt-To: ann@a.test
            """)) with
        {
            Returned = Written.Plain("From: us@sender.test\nTo: somebody@else.test\n\nHello"),
        }, r => (r.Recipient, r.Kind, r.FeedbackType)));

    public static TheoryData<string, string, string> Texts => new()
    {
        {
            "qmail", "unknown_user", """
            Hi. This is the qmail-send program at mx.test.
            I'm afraid I wasn't able to deliver your message to the following addresses.

            <ann@a.test>:
            192.0.2.1 does not like recipient.
            Remote host said: 550 No such user

            --- Below this line is a copy of the message.

            To: x@y.test
            """
        },
        {
            "Exim", "no_reverse_dns", """
            A message that you sent could not be delivered to one or more of its recipients.

              ann@a.test
                host mx.a.test [192.0.2.1]
                SMTP error from remote mail server after initial connection:
                554 Reverse DNS required

            ------ This is a copy of the message, including all the headers. ------
            """
        },
        {
            "Exchange", "unknown_user", """
            Your message
              To: x@y.test
            did not reach the following recipient(s):

            ann@a.test on Thu, 29 Apr 2010 00:00:00 -0000
                The recipient name is not recognized
            """
        },
        {
            "hMailServer", "mailbox_full", """
            Your message did not reach some or all of the intended recipients.

            The following recipient(s) could not be reached:

            ann@a.test
               Error Type: SMTP
               Remote server replied: 552 Over quota
            """
        },
        {
            "Domino", "unknown_user", """
            Your message was not delivered to:
              ann@a.test
            because:
              User ann (ann@a.test) not listed in Domino Directory
            """
        },
        {
            "a gateway", "unknown_user", """
            Unknown user: ann@a.test

            Original message follows.
            """
        },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_report_for_people_is_read(string mta, string reason, string text) => Assert.Equal(
        (mta, "ann@a.test", BounceKind.Bounce, reason), Only(
            Written.Plain($"Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nSubject: Undeliverable mail\n\n{text}"),
            r => (mta, r.Recipient, r.Kind, r.Verdict!.Reason.ToWord())));

    /// <summary>A gateway that lost the MIME of what it passed on.</summary>
    [Fact]
    public void Fields_in_plain_text_are_read() => Assert.Equal(("ann@a.test", "unknown_user"), Only(Written.Plain("""
        From: MAILER-DAEMON@gateway.test
        Subject: Undeliverable

        It could not be delivered.

        Final-Recipient: rfc822; ann@a.test
        Status: 5.1.1
        """), r => (r.Recipient, r.Verdict!.Reason.ToWord())));

    [Theory]
    [InlineData("From: ann@a.test\nSubject: Re: Offer\nAuto-Submitted: auto-replied\n\nI am away.")]
    [InlineData("From: ann@a.test\nSubject: Automatic reply: Offer\nIn-Reply-To: <1@x>\n\nI am away.")]
    public void An_answer_by_a_program_is_nobodys_failure(string mail) =>
        Assert.Equal(("ann@a.test", BounceKind.Vacation, null),
            Only(Written.Plain(mail), r => (r.Recipient, r.Kind, r.Verdict)));

    [Theory]
    [InlineData("From: ann@a.test\nSubject: Your mail was undeliverable?\n\nHi, bob@b.test says: mailbox full.")]
    [InlineData("From: ann@a.test\nSubject: Lunch\n\n<bob@b.test>:\n550 5.1.1 User unknown")]
    [InlineData("From: shop@a.test\nSubject: Automatic reply: 10 % off\n\nOnly today.")]
    [InlineData("From: postmaster@a.test\nSubject: Maintenance on Monday\n\nMail to ann@a.test waits until then.")]
    public void An_ordinary_mail_is_left_alone(string mail) => Assert.Empty(Parse(Written.Plain(mail)));

    [Fact]
    public void A_mail_of_which_nothing_could_be_read_says_nothing() => Assert.Empty(Parse(new([], [], null)));

    private static T Only<T>(ParsedMail mail, Func<BounceResult, T> of) => of(Assert.Single(Parse(mail)));

    private static ImmutableArray<BounceResult> Parse(ParsedMail mail) =>
        BounceMails.Parse(mail, BounceRulesReader.Shipped);
}
