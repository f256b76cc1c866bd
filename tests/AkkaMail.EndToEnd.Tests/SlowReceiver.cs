using System.Diagnostics;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.TestSink;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>A slow receiver slows nobody else.</summary>
public sealed class SlowReceiver(ITestOutputHelper output)
{
    private const int Repetitions = 3, Mails19 = 19 * 50, MailsTarpit = 60;

    [Fact]
    public async Task Nineteen_sites_keep_their_speed_beside_a_tarpit()
    {
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync(new() { KeepsMails = false });
        using var tarpit = new Tarpit(sink.Port);
        using var installation = await Installation.Resolving(dns, sink.Port);
        await Speed(installation, sink, "warm-up");

        var (alone, beside) = (new List<double>(), new List<double>());
        for (var i = 0; i < Repetitions; i++)   // In turns: the machine's mood hits both.
        {
            alone.Add(await Speed(installation, sink, $"alone{i}"));
            tarpit.Hold();
            var before = tarpit.Taken;
            await installation.Api.Send(To(Enumerable.Range(0, MailsTarpit).Select(n => $"r{i}x{n}@tarpit.test")));
            await Wait.Until(() => tarpit.Connections > 0);

            beside.Add(await Speed(installation, sink, $"beside{i}"));

            Assert.Equal(before, tarpit.Taken);   // All of the others' came while it held all of its own.
            tarpit.LetOff();
            await Wait.Until(() => tarpit.Taken == before + MailsTarpit, TimeSpan.FromSeconds(30));
        }
        var ratio = Median(beside) / Median(alone);
        output.WriteLine($"alone={Median(alone):0} msg/s ({Words(alone)}), beside a tarpit={Median(beside):0} msg/s "
            + $"({Words(beside)}), ratio={ratio:0.000}");

        // 0.95 is the promise; two shared cores measure it to within a tenth.
        // The printed figure is what counts; single phases scatter by half on a shared machine. Were the sites coupled,
        // the tarpit's 20 s answers would leave a few per cent.
        Assert.True(ratio >= 0.5, $"the ratio is {ratio:0.000}");
    }

    /// <summary>Messages a second, from the first request to the last mail at the sink.</summary>
    private static async Task<double> Speed(Installation installation, TestSink.TestSink sink, string name)
    {
        var count = sink.Count + Mails19;
        var began = Stopwatch.GetTimestamp();
        var inflow = new Inflow(installation.Server.Url, name);
        await inflow.Run(Mails19, connections: 16, i => $"{name}{i}@d{1 + i % 19}.test");
        await sink.WaitFor(count, TimeSpan.FromSeconds(19));
        return Mails19 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static object To(IEnumerable<string> recipients) => new
    {
        from = "shop@sender.test",
        subject = "s",
        text = "t",
        personalizations = recipients.Select(r => new { to = r }),
    };

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    private static string Words(List<double> values) => string.Join(' ', values.Select(v => $"{v:0}"));
}
