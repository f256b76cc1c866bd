using System.Text;
using AkkaMail.Smtp.Mime;

namespace AkkaMail.Smtp.Tests.Mime;

/// <summary>What is made of a mail that a client hands in, and what is refused with the header's name.</summary>
public sealed class SubmittedMailTests
{
    private const string Trace = "Received: by mx.test (AkkaMail) with ESMTPSA;\r\n\tThu, 1 Jan 1970 00:00:00 +0000\r\n";

    private static Submitted Read(string mail, bool isSmtpUtf8 = false) =>
        SubmittedMail.Read(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n")), Trace, isSmtpUtf8);

    private static SubmittedMail Good(string mail) => Assert.IsType<SubmittedMail>(Read(mail));

    [Fact]
    public void It_stays_octet_for_octet_but_for_what_is_for_us_and_for_nobody()
    {
        var written = """
            Return-Path: <x@y.test>
            Subject:   =?utf-8?q?Gr=C3=BC=C3=9Fe?=
             folded
            From: "Ann, A." <ann@a.test>
            X-AkkaMail-Stream: broadcast
            bcc: secret@b.test,
              other@b.test
            x-akkamail-tags: spring,  sale
            X-AkkaMail-Idempotency-Key: order 17
            To: undisclosed-recipients:;
            X-Own:no space

            .Body
             X-AkkaMail-Stream: not a header

            """;

        var mail = Good(written);

        Assert.Equal("""
            Received: by mx.test (AkkaMail) with ESMTPSA;
            	Thu, 1 Jan 1970 00:00:00 +0000
            Subject:   =?utf-8?q?Gr=C3=BC=C3=9Fe?=
             folded
            From: "Ann, A." <ann@a.test>
            To: undisclosed-recipients:;
            X-Own:no space

            .Body
             X-AkkaMail-Stream: not a header

            """.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(mail.Head) + written.ReplaceLineEndings("\r\n")[mail.HeadEnd..]);
        Assert.Equal(("ann@a.test", "Gr\u00fc\u00dfe folded", "broadcast", "order 17"),
            (mail.From.Address, mail.Subject, mail.Stream, mail.IdempotencyKey));
        Assert.Equal("spring|sale", string.Join('|', mail.Tags));
    }

    [Fact]
    public void What_it_says_to_us_is_read_decoded_and_what_is_unknown_is_named()
    {
        var mail = Good("""
            From: a@a.test
            X-AkkaMail-Metadata: {"order": "17",
             "name": =?utf-8?q?"Gr=C3=BC=C3=9Fe"?=}
            x-akkamail-send-at: 2026-12-01T08:00:00Z

            x
            """);

        Assert.Equal(("{\"order\": \"17\", \"name\": \"Gr\u00fc\u00dfe\"}", "2026-12-01T08:00:00Z", null),
            (mail.Metadata, mail.SendAt, mail.Unknown));
        Assert.DoesNotContain("X-AkkaMail", Encoding.UTF8.GetString(mail.Head), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("X-AkkaMail-Sandbox", Good("From: a@a.test\nX-AkkaMail-Sandbox: true\n\nx").Unknown);
    }

    [Theory]
    [InlineData("From : a@a.test\n\nx", "From")]
    [InlineData("From: a@a.test\nReply-To\t: b@a.test\n\nx", "Reply-To")]
    [InlineData("From: a@a.test\nX-Own : b\n\nx", "X-Own")]
    public void A_blank_before_the_colon_hides_a_header_from_half_of_all_readers(string mail, string header)
    {
        var fault = Assert.IsType<FaultyMail>(Read(mail));
        Assert.Equal((header, true), (fault.Header, fault.IsAmbiguous));
    }

    [Theory]
    [InlineData("Subject: x\n\nx", "From", "is missing")]
    [InlineData("From: a@a.test, b@b.test\n\nx", "From", "has to be one address")]
    [InlineData("From: friends: a@a.test;\n\nx", "From", "has to be one address")]
    [InlineData("From:\n\nx", "From", "has to be one address")]
    [InlineData("From: ann\n\nx", "From", "")]
    [InlineData("From: a@a.test\nfrom: b@b.test\n\nx", "From", "more than once")]
    [InlineData("From: a@a.test\nSubject: x\nSubject: y\n\nx", "Subject", "more than once")]
    [InlineData("From: a@a.test\nTo: x\nTo: y\n\nx", "To", "more than once")]
    [InlineData("From: a@a.test\nSubject: Gr\u00fc\u00dfe\n\nx", "Subject", "say SMTPUTF8")]
    [InlineData("From: a@a.test\nno header\n\nx", "", "line 2 is no header")]
    [InlineData(" From: a@a.test\n\nx", "", "line 1 is no header")]
    [InlineData("\nx", "", "line 1 is no header")]
    [InlineData("", "", "line 1 is no header")]
    public void What_cannot_be_sent_is_refused_by_its_header(string mail, string header, string problem)
    {
        var fault = Assert.IsType<FaultyMail>(Read(mail));
        Assert.Equal(header, fault.Header);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void With_SMTPUTF8_headers_may_be_UTF_8_and_never_anything_else()
    {
        Assert.Equal("Gr\u00fc\u00dfe",
            Assert.IsType<SubmittedMail>(Read("From: a@a.test\nSubject: Gr\u00fc\u00dfe\n\nx", isSmtpUtf8: true)).Subject);
        var latin = Encoding.Latin1.GetBytes("From: a@a.test\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nx");
        Assert.Equal("Subject", Assert.IsType<FaultyMail>(SubmittedMail.Read(latin, Trace, isSmtpUtf8: true)).Header);
    }

    [Fact]
    public void A_header_at_the_bound_is_taken_and_one_octet_more_is_not()
    {
        const string from = "From: a@a.test\r\nX: ";
        var octets = HeaderFields.Max - from.Length - 2;
        var body = "\n\n" + new string('x', 1_000_000);
        Assert.IsType<SubmittedMail>(Read(from + new string('x', octets) + body));
        Assert.IsType<FaultyMail>(Read(from + new string('x', octets + 1) + body));
    }

    [Fact]
    public void Millions_of_headers_cost_no_memory()
    {
        var mail = Encoding.ASCII.GetBytes("From: a@a.test\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", 2_000_000)) + "\r\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsType<FaultyMail>(SubmittedMail.Read(mail, Trace, isSmtpUtf8: false));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_mail_that_has_come_by_too_many_hosts_goes_round(int hosts, bool isTaken)
    {
        var mail = string.Concat(Enumerable.Repeat("Received: from a by b; now\n", hosts)) + "From: a@a.test\n\nx";
        Assert.Equal(isTaken, Read(mail) is SubmittedMail);
    }

    [Fact]
    public void Whatever_octets_come_the_answer_is_a_value()
    {
        var random = new Random(1);
        string[] pieces = ["From: a@a.test\r\n", "Subject:", "\r\n", " ", ":", "\u0000", "=?utf-8?b?", "?=", "<", ">", "\"", "x"];
        for (var run = 0; run < 5_000; run++)
        {
            var mail = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.NotNull(SubmittedMail.Read(Encoding.UTF8.GetBytes(mail), Trace, isSmtpUtf8: random.Next(2) == 0));
        }
    }
}
