using System.Globalization;
using System.Net;
using AkkaMail.Rig;
using AkkaMail.Simulator;

namespace AkkaMail.Load;

/// <summary>
/// Simulated receivers as a process: prints its SMTP and DNS ports, then answers each line of input with counts. With
/// <c>--limited N</c> the domains d0 to d(N-1) take 1/s each; one that a scenario gives its name (<see cref="Scenario.Label"/>)
/// is as that says, all others as <c>--scenario</c> does, or open. To <c>each</c> it tells of every domain what it took and
/// refused.
/// </summary>
internal static class Receive
{
    /// <summary>Of those that have a name: ten connections bring so few that many of them go beside each other.</summary>
    public static readonly TimeSpan ShapesLatency = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    public static async Task<int> Serve(Arguments args)
    {
        var limited = args.Number("limited", 0);
        var name = args.Text("scenario") ?? "open";
        var model = Scenario.All.Single(s => s.Name == name).Model with { Latency = Latency };
        var hard = new ReceiverModel { Allowed = [new(default, 1)], Latency = Latency };
        await using var server = await SimulatedSmtpServer.Start(
            d => IsLimited(d) ? hard : Named(d) ?? model, args.Number("seed", 1));
        using var dns = new DnsResponder(IPAddress.Loopback);
        Console.WriteLine($"{server.Port} {dns.Port}");
        while (await Console.In.ReadLineAsync() is { } asked)
        {
            if (asked == "each")
            {
                Console.WriteLine(string.Join(' ', server.Each().Select(s => $"{s.Domain}={s.Taken}/{s.Refused}")));
                continue;
            }
            var (all, others) = (server.Counts(_ => true), server.Counts(d => !IsLimited(d)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{all.Taken} {all.Refused} {others.Taken} {others.Refused}"));
        }
        return 0;

        static ReceiverModel? Named(string domain) =>
            Scenario.All.FirstOrDefault(s => $"{s.Label}.test" == domain) is { } scenario
                ? scenario.Model with { Latency = ShapesLatency } : null;

        bool IsLimited(string domain) => domain[0] == 'd'
            && int.TryParse(domain.AsSpan(1, domain.IndexOf('.', StringComparison.Ordinal) - 1), out var n)
            && n < limited;
    }
}
