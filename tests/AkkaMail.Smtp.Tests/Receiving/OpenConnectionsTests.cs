using System.Net;
using AkkaMail.Core.Networks;
using AkkaMail.Smtp.Receiving;

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
    public void One_client_has_its_own_bound_and_all_have_one_together()
    {
        var open = new OpenConnections(3, 2);

        Assert.Equal((Entrance.Open, Entrance.Open), (open.Enter(Ann), open.Enter(Ann)));
        Assert.Equal(Entrance.ClientHasEnough, open.Enter(Ann));
        Assert.Equal((Entrance.Open, Entrance.Full), (open.Enter(Bob), open.Enter(null)));
        open.Leave(Ann);
        Assert.Equal((Entrance.Open, Entrance.Full), (open.Enter(Ann), open.Enter(Bob)));
    }

    [Fact]
    public void A_client_is_forgotten_with_its_last_connection()
    {
        var open = new OpenConnections(10, 2);

        for (var i = 0; i < 100_000; i++)
        {
            var client = new IPAddress(i);
            open.Enter(client);
            open.Leave(client);
        }

        Assert.Equal((0, 0), (open.Count, open.Clients));
    }

    [Fact]
    public async Task The_21st_connection_of_a_client_gets_421_and_other_clients_are_served()
    {
        await using var server = await ListeningReceiver.StartAsync();
        var address = IPAddress.Parse("127.0.0.9");
        var clients = new List<RawClient>();
        for (var i = 0; i < 20; i++) clients.Add(await RawClient.GreetedAsync(server.Port, address));

        using var tooMany = await RawClient.ConnectAsync(server.Port, address);
        Assert.StartsWith("421 4.7.0", await tooMany.Read());
        Assert.Equal("closed", await tooMany.Read());
        await server.ServesAGoodClientAsync();
        clients[0].Dispose();
        await ListeningReceiver.Until(() => server.Receiver.Connections == 19);
        using var again = await RawClient.GreetedAsync(server.Port, address);

        Assert.Equal((20, 1), (server.Receiver.Connections, server.Receiver.Clients));
        Assert.Equal(1, server.Receiver.Counts.RefusedClient);
        clients.ForEach(client => client.Dispose());
    }
}
