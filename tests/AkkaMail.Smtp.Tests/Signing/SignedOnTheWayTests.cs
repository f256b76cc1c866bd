using AkkaMail.Core.Attempts;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.Smtp.Tests.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Signing;

/// <summary>What leaves is what was signed; what arrives after another mail server still verifies.</summary>
public sealed class SignedOnTheWayTests
{
    private static SmtpDelivery Delivery(int port, AkkaMail.Core.Mail.StoredMail mail) =>
        Deliveries.To(port, mail, o => o with { Identity = Signed.Identity });

    [Fact]
    public async Task Every_octet_on_the_wire_is_as_it_was_signed()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        // A hidden recipient with UTF-8 in its address must not turn everybody's headers into UTF-8.
        var mails = Variety.Hard().Select(m => m.Mail).Append(Mail(from: "Käufer <shop@sender.test>", subject: "Grüße",
            headers: [new("X-Town", "Köln")], bcc: ["jörg@example.org"],
            attachments: [new("Größe.txt", "text/plain", null, [1])])).ToList();
        foreach (var mail in mails)
        {
            await using var delivery = Delivery(sink.Port, mail);
            var last = mail.Envelope.Mails[0].Count - 1;

            var attempt = await delivery.Once(last);

            Assert.Equal(250, attempt.Reply.Code);
            var due = Due(last);
            var facts = new MessageFacts(due.Id, due.Queue.Tenant, due.Queue.Stream, due.AcceptedAt);
            var composed = (ComposedMail)Composer.Compose(mail, facts, Signed.Identity);
            Assert.Equal(composed.ToBytes(), sink.Mails.Last().Bytes);
            Assert.Equal(composed.MailFrom, sink.Mails.Last().MailFrom);
        }
    }

    [Fact]
    public async Task Signatures_verify_after_a_hop_through_Postfix()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var hop = await MailHop.PostfixAsync(sink.Port);

        await VerifyAfter(hop, sink);
    }

    [MountFact]
    public async Task Signatures_verify_after_a_hop_through_Exim()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        await using var hop = await MailHop.EximAsync(sink.Port);

        await VerifyAfter(hop, sink);
    }

    private static async Task VerifyAfter(MailHop hop, TestSink.TestSink sink)
    {
        var mails = Variety.Hard().ToList();
        await Parallel.ForEachAsync(mails, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (mail, _) =>
        {
            await using var delivery = Delivery(hop.Port, mail.Mail);
            var attempt = await delivery.Once();
            Assert.True(attempt.Reply.IsAccepted, $"{mail.Name}: {attempt.Reply.Text}");
        });
        using var directory = new MailDirectory();
        for (var tries = 0; sink.Mails.Count < mails.Count && tries < 600; tries++) await Task.Delay(25);
        foreach (var arrived in sink.Mails) directory.Add(arrived.Bytes);
        await using var zone = await Signed.ZoneAsync();

        var verdicts = await directory.MailauthAsync(zone);

        Assert.Equal(mails.Count, verdicts.Count);
        Assert.All(verdicts, v => Assert.Equal(["pass", "pass"], v.Dkim.Select(d => d.Result)));
    }
}
