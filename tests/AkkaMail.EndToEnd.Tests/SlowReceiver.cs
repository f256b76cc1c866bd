using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A slow receiver slows nobody else. Here by what happened, which a busy machine does not change; how fast it was is
/// measured by the load tool (<c>tarpit</c>).
/// </summary>
[Collection(Alone.Name)]
public sealed class SlowReceiver
{
    private const int Repetitions = 2, Mails19 = 19 * 50, MailsTarpit = 60, ConnectionsMax = 10;

    [Fact]
    public async Task Nineteen_sites_get_all_their_mail_at_the_first_attempt_while_a_tarpit_holds_all_of_its_own()
    {
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync(new() { KeepsMails = false });
        using var tarpit = new Tarpit(sink.Port);
        using var installation = await Installation.Resolving(dns, sink.Port);
        var api = installation.Api;
        for (var i = 0; i < Repetitions; i++)   // A tarpit that has been let off is one again.
        {
            tarpit.Hold();
            var before = tarpit.Taken;
            var held = await api.Send(
                To(Enumerable.Range(0, MailsTarpit).Select(n => $"r{i}x{n}@tarpit.test")));
            await Wait.Until(() => tarpit.Connections == ConnectionsMax);   // It has all that a site may have.

            var inflow = new Inflow(installation.Server.Url, $"beside{i}");
            await inflow.Run(Mails19, connections: 16, n => $"beside{i}x{n}@d{1 + n % 19}.test");
            await sink.WaitFor((i + 1) * Mails19, 3 * Tarpit.Late);

            // All of the others' came while it had taken none: it needs six answers for a mail, each 20 s late.
            Assert.Equal((before, ConnectionsMax), (tarpit.Taken, tarpit.Connections));
            await Wait.Until(
                async () => (await api.All("status=delivered")).Count == (i + 1) * Mails19 + before);
            foreach (var id in inflow.Accepted.Values.Where((_, n) => n % 10 == 0))
                Assert.Equal("accepted attempt delivered", (await api.Story(id)).Types);
            Assert.All(await api.All("status=delivered"), m => Assert.Equal(1, m.Attempts));
            tarpit.LetOff();
            await Wait.Until(() => tarpit.Taken == before + MailsTarpit, TimeSpan.FromSeconds(30));
            foreach (var id in held) Assert.Equal("delivered", (await api.Ended(id)).Status);
        }
    }

    private static object To(IEnumerable<string> recipients) => new
    {
        from = "shop@sender.test",
        subject = "s",
        text = "t",
        personalizations = recipients.Select(r => new { to = r }),
    };
}
