using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>A file is gone, and there is no backup: what an operator is told, decides, and finds afterwards.</summary>
public sealed class Losses
{
    [FilesFact("a file is lost; what a database has is there or not as a whole")]
    public async Task Without_the_content_what_waits_fails_and_nobody_gets_the_mail_of_another()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        using var server = await Installation.Relaying(sink.Port);
        var lane = await Suspend(server.Api);
        var lost = (await server.Api.Send(Mails.To("ann@lost.test")))[0];
        await server.Server.Stop();
        server.Kill();
        foreach (var file in Directory.EnumerateFiles(server.Directory, "content.db*")) File.Delete(file);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.Up());
        await server.Up("--accept-loss", "content.db");
        var kept = (await server.Api.Send(Mails.To("bob@kept.test")))[0];
        using (var resumed = await server.Api.Http.PostAsJsonAsync($"/v1/lanes/{lane}/resume", new { })) resumed.EnsureSuccessStatusCode();

        Assert.Contains("content.db is not there. Restore it from a backup, or start once with --accept-loss content.db: "
            + "what is not yet sent fails; stories have no addresses.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("failed", (await server.Api.Ended(lost)).Status);
        Assert.Equal("delivered", (await server.Api.Ended(kept)).Status);
        Assert.Equal(["bob@kept.test", "first@kept.test"], sink.Mails.SelectMany(m => m.Recipients).Order());
        var audit = JsonNode.Parse(await server.Api.Http.GetStringAsync("/v1/audit"))!["events"]!.AsArray();
        Assert.Equal("content.db", (string?)Assert.Single(audit, e => (string?)e!["type"] == "loss_accepted")!["file"]);
        await server.Restart();   // It is accepted once, and not asked for again.
    }

    [FilesFact("a file is lost; what a database has is there or not as a whole")]
    public async Task While_the_journal_is_moved_away_nothing_is_promised()
    {
        await using var sink = await TestSink.TestSink.StartAsync();
        using var server = await Installation.Relaying(sink.Port);
        var (journal, away) = (Path.Combine(server.Directory, "journal.db"), Path.Combine(server.Directory, "away.db"));

        File.Move(journal, away);
        string health = "";
        await Wait.Until(async () =>
        {
            using var asked = await server.Api.Http.GetAsync("/health/ready");
            health = await asked.Content.ReadAsStringAsync();
            return asked.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        using var refused = await server.Api.Post(Mails.To("ann@later.test"));
        File.Move(away, journal);
        await server.Server.Ready();

        Assert.Contains("journal.db lies no longer in ", health, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("delivered", (await server.Api.Ended((await server.Api.Send(Mails.To("bob@later.test")))[0])).Status);
    }

    /// <summary>The lane of the smarthost, which a mail has made.</summary>
    private static async Task<string> Suspend(Api api)
    {
        await api.Ended((await api.Send(Mails.To("first@kept.test")))[0]);
        var only = JsonNode.Parse(await api.Http.GetStringAsync("/v1/lanes"))!["lanes"]![0]!;
        var lane = $"{only["source"]}/{only["site"]}";
        using var answer = await api.Http.PostAsJsonAsync($"/v1/lanes/{lane}/suspend", new { note = "until tomorrow" });
        answer.EnsureSuccessStatusCode();
        return lane;
    }
}
