using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>Whichever node is asked, it is one installation.</summary>
[Collection(Alone.Name)]
public sealed class OneTruth
{
    [Fact]
    public async Task What_is_said_to_one_node_holds_on_the_others()
    {
        await using var nodes = await Nodes.Start();
        using var a = nodes.Api(1);
        using var b = nodes.Api(2);

        // A key made here works there within a second, and mail sent by it is told by all.
        using var made = await a.Http.PostAsJsonAsync("/v1/keys", new { name = "k", scopes = (string[])["send", "read"] });
        using var elsewhere = new Api(nodes[2].Url, (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["key"]!);
        await Wait.Until(async () => (await elsewhere.Http.GetAsync("/v1/messages")).IsSuccessStatusCode, TimeSpan.FromSeconds(1));
        var id = Assert.Single(await elsewhere.Send(new { from = "a@sender.test", to = "b@one.test", subject = "x", text = "y" }));
        for (var n = 1; n <= 3; n++)
        {
            using var each = nodes.Api(n);
            Assert.Equal("delivered", (await each.Ended(id)).Status);
            await each.Status(s => s is { Accepted: 1, Complete: true, Alive: 0 });
            Assert.Contains((await each.List("limit=10")).Messages, m => m.Id == id);
        }

        // Whom nothing may be sent to is told to one.
        using var suppressed = await a.Http.PostAsJsonAsync("/v1/suppressions", new
        {
            entries = new[] { new { address = "gone@one.test", note = "asked for it" } },
        });
        Assert.True(suppressed.IsSuccessStatusCode, await suppressed.Content.ReadAsStringAsync());
        await Wait.Until(async () => await IsSuppressed(b), TimeSpan.FromSeconds(2));

        static async Task<bool> IsSuppressed(Api at)
        {
            var sent = Assert.Single(await at.Send(new { from = "a@sender.test", to = "gone@one.test", subject = "x", text = "y" }));
            return (await at.Ended(sent)).Status == "suppressed";
        }
    }

    [Fact]
    public async Task A_ledger_moves_while_its_mail_is_on_the_wire_and_a_node_leaves_and_nothing_is_in_doubt()
    {
        await using var nodes = await Nodes.Start();
        using var api = nodes.Api(1);
        // The sink answers after seconds: attempts are under way while ledgers move.
        var ids = new List<string>();
        for (var i = 0; i < 30; i++)
            ids.AddRange(await api.Send(new { from = "a@sender.test", to = "slow@one.test", subject = "x", text = "y" }));

        var places = await Nodes.Places(nodes[1]);
        // A few: of many that went one way others would come back, since nodes are evened out.
        foreach (var ledger in Enumerable.Range(0, places.Length).Where(l => places[l] == nodes[1].Address).Take(3))
            await Move(api, nodes, ledger, nodes[2]);
        await Order($"nodes/{nodes[3].Host}:{nodes[3].ClusterPort}/leave", new { reason = "a test" });
        Assert.Equal(0, await nodes[3].Server.Ended());

        foreach (var id in ids)
            Assert.Equal((1, "delivered"), await api.Ended(id, TimeSpan.FromSeconds(90)) is var s ? (s.Attempts, s.Status) : default);
        Assert.Equal(ids.Count, nodes.Sink.Mails.Count);
        var orders = (await Nodes.Look(nodes[2]))["orders"]!.AsArray();
        Assert.Equal(("leave", "admin", "a test"), ((string?)orders[0]!["order"], (string?)orders[0]!["by"], (string?)orders[0]!["reason"]));

        async Task Order(string path, object body)
        {
            using var answer = await api.Http.PostAsJsonAsync($"/v1/cluster/{path}", body);
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>
    /// A journal that takes what an earlier writer has stored behind a later one for a mistake would forget, at the next
    /// start, all since its return.
    /// </summary>
    [Fact]
    public async Task A_ledger_that_has_gone_and_come_back_remembers_all_of_it()
    {
        await using var nodes = await Nodes.Start();
        using var api = nodes.Api(1);
        var ids = new List<string>();
        foreach (var to in (int[])[2, 1, 2, 1])
        {
            await Move(api, nodes, ledger: 5, nodes[to]);
            // By keys some of them go to each ledger, to this one too. They are not due: nothing ends meanwhile.
            var later = TimeProvider.System.GetUtcNow().AddHours(1);
            for (var i = 0; i < 64; i++)
                ids.AddRange(await api.Send(
                    new { from = "a@sender.test", to = "b@one.test", subject = "x", text = "y", send_at = later }, key: $"k{ids.Count}"));
        }
        nodes[1].Kill();
        await nodes.LedgersLiveElsewhere(nodes[1]);

        using var other = nodes.Api(2);
        await other.Status(s => s.Unfinished == ids.Count && s.Complete, TimeSpan.FromSeconds(30));
        foreach (var id in ids)
        {
            using var cancelled = await other.Http.DeleteAsync($"/v1/messages/{id}");
            Assert.True(cancelled.IsSuccessStatusCode, await cancelled.Content.ReadAsStringAsync());
        }
    }

    private static async Task Move(Api api, Nodes nodes, int ledger, ServerNode to)
    {
        using var answer = await api.Http.PostAsJsonAsync($"/v1/cluster/ledgers/{ledger}/move", new { to = to.Address, reason = "a test" });
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        await Wait.Until(async () => (await Nodes.Places(nodes[3]))[ledger] == to.Address, TimeSpan.FromSeconds(60));
    }

    /// <summary>Who has not the cluster's key is not spoken to, whatever it says.</summary>
    [Fact]
    public async Task A_stranger_at_the_port_of_the_nodes_gets_nothing()
    {
        await using var nodes = await Nodes.Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync(nodes[1].Host, nodes[1].ClusterPort);
        await using var plain = socket.GetStream();
        await plain.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        // At most the alert of TLS (RFC 8446, section 6), and the end.
        var answer = new byte[64];
        Assert.InRange(await plain.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false), 0, 7);

        using var second = new TcpClient();
        await second.ConnectAsync(nodes[1].Host, nodes[1].ClusterPort);
        await using var tls = new System.Net.Security.SslStream(
            second.GetStream(), false, (_, shown, _, _) => shown is not null);
        // Its side of the handshake may end before the other has looked for a certificate; then nothing can be read.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            try { await tls.AuthenticateAsClientAsync("akkamail"); }
            catch (System.Security.Authentication.AuthenticationException e) { throw new IOException(e.Message, e); }
            await tls.WriteAsync(new byte[] { 0, 0, 0, 1, 0 });
            if (await tls.ReadAsync(answer) == 0) throw new IOException("it was closed");
        });
        Assert.All(await Nodes.Places(nodes[2]), Assert.NotNull);
    }
}
