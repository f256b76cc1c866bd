using System.Net;
using AkkaMail.Core.Networks;
using AkkaMail.Smtp.Receiving;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>How many connections a client may have at once.</summary>
public sealed class OpenConnectionsTests
{
    private static readonly IPAddress Ann = IPAddress.Parse("192.0.2.1"), Bob = IPAddress.Parse("192.0.2.2");

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void An_address_is_a_client_and_so_is_a_64_of_IPv6(string first, string second, bool isOne)
    {
        var (a, b) = (ClientNetwork.Of(IPAddress.Parse(first)), ClientNetwork.Of(IPAddress.Parse(second)));

        Assert.Equal(isOne, a.Equals(b));
    }

    [Fact]
    public async Task One_client_has_its_own_bound_and_all_have_one_together()
    {
        var open = new OpenConnections(3, 2);

        using var first = await Enter(open, Ann);
        using var second = await Enter(open, Ann);
        Assert.Equal(new(null, ClientHasEnough: true), await Try(open, Ann));
        using var bobs = await Enter(open, Bob);
        Assert.Equal(new(null, ClientHasEnough: false), await Try(open, null));
        first.Dispose();
        first.Dispose();
        using var again = await Enter(open, Ann);
        Assert.Equal(new(null, ClientHasEnough: false), await Try(open, Bob));
        Assert.Equal((3, 2), (open.Count, open.Clients));
    }

    [Fact]
    public async Task Who_leaves_makes_room_for_its_next_one_and_counts_until_it_has_gone()
    {
        var open = new OpenConnections(10, 2);
        var leaving = new[] { await Enter(open, Ann), await Enter(open, Ann) };
        foreach (var place in leaving) place.Leave();

        var next = new[] { await Enter(open, Ann), await Enter(open, Ann) };
        next[0].Leave();

        // Twice as many as may be open: who says QUIT and stays does not take all places.
        Assert.Equal((4, new(null, ClientHasEnough: true)), (open.Count, await Try(open, Ann)));
        leaving[0].Dispose();
        using var fifth = await Enter(open, Ann);
        foreach (var place in (OpenConnections.Place[])[.. leaving, .. next, fifth]) place.Dispose();
        Assert.Equal((0, 0), (open.Count, open.Clients));
    }

    [Fact]
    public async Task Who_finds_no_place_waits_for_one_in_turn_and_for_no_longer_than_told()
    {
        var (open, time) = (new OpenConnections(100, 1), new FakeTimeProvider());
        var place = await Enter(open, Ann);
        var (first, second, bobs) = (Wait(Ann), Wait(Ann), Wait(Bob));
        Assert.True(bobs.IsCompletedSuccessfully);

        // Of one client no more than two for each that may be open.
        Assert.Equal(new(null, ClientHasEnough: true), await Wait(Ann));
        place.Leave();
        Assert.NotNull((await first).Place);
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new(null, ClientHasEnough: true), await second);
        using var gone = new CancellationTokenSource();
        var aborted = open.EnterAsync(Ann, TimeSpan.FromSeconds(1), time, gone.Token);
        await gone.CancelAsync();
        Assert.Null((await aborted).Place);
        place.Dispose();
        (await first).Place!.Dispose();
        using var unneeded = await Enter(open, Ann);   // Nobody who has given up was given it.

        Task<Entrance> Wait(IPAddress client) =>
            open.EnterAsync(client, TimeSpan.FromSeconds(1), time, CancellationToken.None);
    }

    [Fact]
    public async Task Places_given_back_by_many_at_once_are_all_there_again()
    {
        var open = new OpenConnections(8, 4);

        await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                var patience = TimeSpan.FromMilliseconds(i % 3 == 0 ? 0 : 1);
                var client = n % 2 == 0 ? Ann : Bob;
                using var place = (await open.EnterAsync(client, patience, TimeProvider.System, default)).Place;
                Assert.InRange(open.Count, 0, 8);
                if (i % 2 == 0) place?.Leave();
            }
        })));

        Assert.Equal((0, 0), (open.Count, open.Clients));
    }

    [Fact]
    public async Task A_client_is_forgotten_with_its_last_connection()
    {
        var open = new OpenConnections(10, 2);

        for (var i = 0; i < 100_000; i++) (await Enter(open, new IPAddress(i))).Dispose();

        Assert.Equal((0, 0), (open.Count, open.Clients));
    }

    [Fact]
    public async Task The_51st_connection_of_a_client_gets_421_and_other_clients_are_served()
    {
        await using var server = await ListeningReceiver.StartAsync();
        var address = IPAddress.Parse("127.0.0.9");
        var clients = new List<RawClient>();
        for (var i = 0; i < 50; i++) clients.Add(await RawClient.GreetedAsync(server.Port, address));

        using var tooMany = await RawClient.ConnectAsync(server.Port, address);
        Assert.StartsWith("421 4.7.0", await tooMany.Read());
        Assert.Equal("closed", await tooMany.Read());
        await server.ServesAGoodClientAsync();
        clients[0].Dispose();
        await ListeningReceiver.Until(() => server.Receiver.Connections == 49);
        using var again = await RawClient.GreetedAsync(server.Port, address);

        Assert.Equal((50, 1), (server.Receiver.Connections, server.Receiver.Clients));
        Assert.Equal(1, server.Receiver.Counts.RefusedClient);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("QUIT\r\n")]   // And does not wait for the answer, as Postfix.
    [InlineData("")]
    public async Task One_that_closes_and_connects_again_is_served_whatever_is_seen_first(string farewell)
    {
        await using var server = await ListeningReceiver.StartAsync(o => o with { ConnectionsPerClientMax = 1 });
        using var first = await RawClient.GreetedAsync(server.Port);
        await ListeningReceiver.Until(() => server.Receiver.Connections == 1);
        using var next = await RawClient.ConnectAsync(server.Port);
        var banner = next.Read();
        Assert.False(banner.IsCompleted);

        await first.Send(farewell);
        first.Dispose();

        Assert.StartsWith("220", await banner);
        Assert.Equal(0, server.Receiver.Counts.RefusedClient);
    }

    private static Task<Entrance> Try(OpenConnections open, IPAddress? client) =>
        open.EnterAsync(client, TimeSpan.Zero, TimeProvider.System, CancellationToken.None);

    private static async Task<OpenConnections.Place> Enter(OpenConnections open, IPAddress? client) =>
        (await Try(open, client)).Place!;
}
