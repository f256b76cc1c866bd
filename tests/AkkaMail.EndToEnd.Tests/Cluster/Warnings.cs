using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Npgsql;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>What is wrong with one node or one ledger harms nobody else, and is told before anybody asks.</summary>
[Collection(Alone.Name)]
public sealed class Warnings
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private const int Poisoned = 7;

    [Fact]
    public async Task A_clock_that_is_off_and_a_ledger_that_cannot_be_read_are_alerts_and_stop_nobody_else()
    {
        await using var nodes = await Nodes.Prepare();
        var late = nodes[3];
        late.Set("LD_PRELOAD", Library);   // It stands before the system's own clock.
        late.Set("FAKETIME", "+5s");
        foreach (var node in nodes.All) node.Begin();
        await Task.WhenAll(nodes[1].Ready(), nodes[2].Ready());
        using var api = nodes.Api(1);

        await Wait.Until(async () => (await Nodes.Look(nodes[1]))["nodes"]!.AsArray().Count(n => (string?)n!["state"] == "up") == 3);
        await Poison(nodes, api);
        for (var i = 0; i < 60; i++) await api.Send(new { from = "shop@sender.test", to = $"r{i}@d{i % 20}.test", subject = "Receipt", text = "Thank you!" });
        await Wait.Until(() => nodes.Sink.Mails.Count == 60);

        var alerts = new Dictionary<string, JsonNode>();
        await Wait.Until(async () =>
        {
            alerts = (await api.Http.GetFromJsonAsync<JsonObject>("/v1/alerts"))!["alerts"]!.AsArray()
                .ToDictionary(a => (string)a!["rule"]!, a => a!);
            return alerts.Count == 2;
        }, TimeSpan.FromSeconds(90), () => string.Join('\n', alerts.Values.Select(a => a.ToJsonString())));
        Assert.Equal(("critical", "node", late.Address), Of(alerts["clock"]));
        Assert.InRange((double)alerts["clock"]["value"]!, 4.5, 5.5);
        Assert.Equal(("warning", "ledger", $"{Poisoned}"), Of(alerts["silence"]));

        // Who is ready says so, and who is not says why.
        foreach (var node in nodes.All.Take(2)) Assert.Equal(HttpStatusCode.OK, (await Ready(node)).Status);
        var (status, why) = await Ready(late);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("s ahead of the database's", why, StringComparison.Ordinal);
        using var metrics = new Api(late.Url);
        Assert.Matches(@"akkamail_clock_skew_seconds\{[^}]*\} (4\.[5-9]|5)", await metrics.Http.GetStringAsync("/metrics"));
        Assert.Contains("""state="up"} 3""", await metrics.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static (string, string, string) Of(JsonNode alert) =>
        ((string)alert["to"]!, (string)alert["subject"]!["kind"]!, (string)alert["subject"]!["name"]!);

    private static async Task<(HttpStatusCode Status, string Why)> Ready(ServerNode node)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var answer = await http.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>An event of a program that nobody knows: whoever recovers the ledger finds it, and stops.</summary>
    private static async Task Poison(Nodes nodes, Api api)
    {
        await using (var connection = new NpgsqlConnection(nodes.Cluster.ConnectionString))
        {
            await connection.OpenAsync();
            await using var insert = new NpgsqlCommand("""
                INSERT INTO journal.journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                SELECT 0, false, @id, coalesce(max(sequence_number), 0) + 1, '\x00', 'ZZ9', coalesce(max(identifier), 0), 'nobody'
                FROM journal.journal WHERE persistence_id = @id
                """, connection);
            insert.Parameters.AddWithValue("id", $"ledger-{Poisoned}");
            await insert.ExecuteNonQueryAsync();
        }
        var here = (await Nodes.Places(nodes[1]))[Poisoned];
        var to = nodes.All.First(n => n.Address != here);
        using var moved = await api.Http.PostAsJsonAsync($"/v1/cluster/ledgers/{Poisoned}/move", new { to = to.Address, reason = "a test" });
        Assert.Equal(HttpStatusCode.Accepted, moved.StatusCode);
    }
}
