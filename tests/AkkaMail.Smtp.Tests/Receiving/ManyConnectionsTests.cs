using System.Diagnostics;
using Xunit.Abstractions;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>More connections than mail has reason for.</summary>
[Collection(Alone.Name)]
public sealed class ManyConnectionsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ten_thousand_at_once_leave_a_good_client_served_and_give_their_memory_back()
    {
        await using var server = await ListeningReceiver.StartAsync(
            o => o with { ConnectionsMax = 10_050, ConnectionsPerClientMax = 100 });
        await server.ServesAGoodClientAsync();
        var before = Memory();
        using var held = HeldConnections.Start(server.Port, 10_000, perClient: 100, net: 2);

        var took = Stopwatch.StartNew();
        Assert.Equal("220:10000", await held.BannersAsync());
        var opened = took.Elapsed;
        Assert.Equal((10_000, 100), (server.Receiver.Connections, server.Receiver.Clients));
        var during = Memory();
        took.Restart();
        await server.ServesAGoodClientAsync();
        var served = took.Elapsed;
        await held.CloseAsync();
        await server.HasNoConnectionsAsync();
        await server.ServesAGoodClientAsync();
        await ListeningReceiver.Until(() => Memory() < before + 32 * 1024 * 1024);

        Assert.InRange(served, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        output.WriteLine($"10,000 connections opened in {opened.TotalSeconds:N1} s, a mail among them took " +
            $"{served.TotalMilliseconds:N0} ms; {(during - before) / 10_000:N0} octets of heap a connection");
    }

    [Fact]
    public async Task Ten_thousand_attempts_over_the_bound_get_421_and_one_that_leaves_makes_room()
    {
        await using var server = await ListeningReceiver.StartAsync(
            o => o with { ConnectionsMax = 1_000, ConnectionsPerClientMax = 100 });
        using var held = HeldConnections.Start(server.Port, 10_000, perClient: 100, net: 3);

        Assert.Equal("220:1000 421:9000", await held.BannersAsync());
        Assert.Equal((1_000, 9_000), (server.Receiver.Connections, server.Receiver.Counts.RefusedFull));
        await held.CloseAsync();
        await server.HasNoConnectionsAsync();

        await server.ServesAGoodClientAsync();
        Assert.Equal(1_001, server.Receiver.Counts.Accepted);
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
