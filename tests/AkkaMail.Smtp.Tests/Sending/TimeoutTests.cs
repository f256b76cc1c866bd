using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Sending;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private static readonly StepTimeouts Timeouts = new()
    { Banner = Short, Ehlo = Short, StartTls = Short, MailFrom = Short, RcptTo = Short, Data = Short, Dot = Short };

    [Theory]
    [InlineData("", "", SmtpStep.Banner, "waiting for the banner")]
    [InlineData("EHLO", "", SmtpStep.Ehlo, "EHLO")]
    [InlineData("MAIL", "8BITMIME", SmtpStep.MailFrom, "MAIL FROM")]
    [InlineData("RCPT", "8BITMIME", SmtpStep.RcptTo, "RCPT TO")]
    [InlineData("RCPT", "PIPELINING", SmtpStep.RcptTo, "RCPT TO")]   // Sent together with MAIL, and still told apart.
    [InlineData("DATA", "PIPELINING", SmtpStep.Data, "DATA")]
    public async Task A_step_without_an_answer_is_named(string silentAt, string extension, SmtpStep step, string words)
    {
        await using var server = new ScriptedServer((peer, _) => silentAt.Length == 0 ? peer.Hear()
            : peer.Serve(line => Task.FromResult(line.StartsWith(silentAt, StringComparison.Ordinal)), extension));
        await using var delivery = Deliveries.To(server.Port, Mail(), o => o with { Timeouts = Timeouts });

        var attempt = await delivery.Once();

        Assert.Equal(SmtpReply.None($"Timed out after 0.3s in {words}"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, step), (attempt.End, attempt.Step));
    }

    [Fact]
    public async Task A_dot_without_an_answer_leaves_the_attempt_in_doubt()
    {
        await using var server = new ScriptedServer((peer, _) => peer.Serve(line => Task.FromResult(line == ".")));
        await using var delivery = Deliveries.To(server.Port, Mail(), o => o with { Timeouts = Timeouts });

        var attempt = await delivery.Once();

        Assert.Equal((AttemptEnd.InDoubt, SmtpStep.Dot), (attempt.End, attempt.Step));
    }

    [Fact]
    public async Task A_reply_without_an_end_is_cut_off()
    {
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            while (true) await peer.Say("220-and so on and so on and so on");
        });
        await using var delivery = Deliveries.To(server.Port, Mail());

        Assert.Equal("A reply of over 65536 octets", (await delivery.Once()).Reply.Text);
    }
}
