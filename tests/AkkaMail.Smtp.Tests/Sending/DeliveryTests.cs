using AkkaMail.Core.Attempts;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_mail_arrives_octet_for_octet_and_the_receivers_words_come_back()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        var mail = Mail(text: ".dot\n..two\n\n.\nend", html: "<p>Grüße</p>", bcc: ["b@example.org"]);
        await using var delivery = Deliveries.To(sink.Port, mail);

        var attempt = await delivery.Once(1);

        await sink.WaitFor(1);
        var got = sink.Mails.Single();
        Assert.Equal(Composed(mail).ToBytes(), got.Bytes);
        Assert.Equal(("shop@example.com", "b@example.org"), (got.MailFrom, got.Recipients.Single()));
        Assert.Equal(new(250, new(2, 0, 0), "Ok, sunk"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.Dot, "127.0.0.1", (string?)null),
            (attempt.End, attempt.Step, attempt.Source, attempt.Tls));
        Assert.Equal($"127.0.0.1[127.0.0.1]:{sink.Port}", attempt.Mx);
    }

    [Theory]
    [InlineData("tempfail@example.org", 451, "4.2.0", "Try again later")]
    [InlineData("permfail@example.org", 550, "5.1.1", "<{recipient}>: no such user here")]
    [InlineData("permfail@EXAMPLE.org", 550, "5.1.1", "<{recipient}>: no such user here")]
    public async Task A_refusal_at_RCPT_is_the_verdict_without_the_address(
        string to, int code, string enhanced, string text)
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail(to));

        var attempt = await delivery.Once();

        Assert.Equal((code, enhanced, text),
            (attempt.Reply.Code, attempt.Reply.Enhanced.ToString(), attempt.Reply.Text));
        Assert.Equal((AttemptEnd.Answered, SmtpStep.RcptTo), (attempt.End, attempt.Step));
    }

    [Fact]
    public async Task A_refused_transaction_leaves_its_connection_usable()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail("greylist@example.org"));

        Assert.Equal(450, (await delivery.Once()).Reply.Code);
        Assert.Equal(250, (await delivery.Once()).Reply.Code);

        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_hang_up_after_the_dot_leaves_the_attempt_in_doubt()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail("hangup-in-data@example.org"));

        var attempt = await delivery.Once();

        Assert.Equal((AttemptEnd.InDoubt, SmtpStep.Dot, 0), (attempt.End, attempt.Step, attempt.Reply.Code));
        Assert.Equal(1, sink.Transactions);
    }

    [Fact]
    public async Task A_reply_of_four_thousand_characters_is_cut()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail("reply-4k@example.org"));

        var reply = (await delivery.Once()).Reply;

        Assert.Equal((550, SmtpReply.TextMax), (reply.Code, reply.Text.Length));
    }

    [Theory]
    [InlineData("\"a b>c\"@example.org")]
    [InlineData("o'neil+tag=x!#$%&*/?^_`{|}~@example.org")]
    public async Task An_odd_address_arrives_as_it_is(string to)
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var delivery = Deliveries.To(sink.Port, Mail(to));

        Assert.True((await delivery.Once()).Reply.IsAccepted);
        Assert.Equal(to, sink.Mails.Single().Recipients.Single());
    }

    [Fact]
    public async Task What_is_no_SMTP_is_no_answer()
    {
        await using var http = new ScriptedServer((peer, _) => peer.Say("HTTP/1.1 400 Bad Request"));
        await using var delivery = Deliveries.To(http.Port, Mail());

        Assert.Equal(0, (await delivery.Once()).Reply.Code);
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for()
    {
        await using var sink = await TestSink.TestSink.StartAsync(new() { SlowDelay = TimeSpan.FromMilliseconds(300) });
        await using var delivery = Deliveries.To(sink.Port, Mail("slow@example.org"));

        var attempt = await delivery.Once();

        Assert.True(attempt.Reply.IsAccepted);
        Assert.InRange(attempt.Duration, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task What_cannot_be_loaded_or_composed_is_unsendable()
    {
        await using var gone = Deliveries.To(1, null);
        await using var bad = Deliveries.To(1, Mail(headers: [new("From", "x@y.z")]));

        foreach (var attempt in new[] { await gone.Once(), await bad.Once() })
            Assert.Equal((AttemptEnd.Unsendable, SmtpStep.Compose), (attempt.End, attempt.Step));
    }

    [Fact]
    public async Task An_address_outside_ascii_goes_by_SMTPUTF8_or_not_at_all()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var able = Deliveries.To(sink.Port, Mail("jörg@example.org", subject: "Grüße"));
        await using var old = new ScriptedServer((peer, _) => peer.Serve(_ => Task.FromResult(false)));
        await using var unable = Deliveries.To(old.Port, Mail("jörg@example.org"));

        Assert.True((await able.Once()).Reply.IsAccepted);
        Assert.Equal("jörg@example.org", sink.Mails.Single().Recipients.Single());
        Assert.True(sink.Mails.Single().IsSmtpUtf8);
        var refusal = (await unable.Once()).Reply;
        Assert.Equal((553, "5.6.7"), (refusal.Code, refusal.Enhanced.ToString()));
    }

    [Fact]
    public async Task A_mail_over_the_receivers_SIZE_is_not_sent()
    {
        await using var small = new ScriptedServer((peer, _) => peer.Serve(_ => Task.FromResult(false), "SIZE 100"));
        await using var delivery = Deliveries.To(small.Port, Mail());

        Assert.Equal(552, (await delivery.Once()).Reply.Code);
    }

    [Fact]
    public async Task A_cancelled_delivery_throws()
    {
        await using var mute = new ScriptedServer((peer, _) => peer.Hear());
        await using var delivery = Deliveries.To(mute.Port, Mail());
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.DeliverAsync(Due(), Mails.Way, cancel.Token));
    }
}
