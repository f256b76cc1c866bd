using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A server that has been used is copied while it runs, by the commands of docs/operating/backup.md as they stand there,
/// and another one is started on the copy.
/// </summary>
public sealed partial class Backup : IAsyncLifetime
{
    private readonly string _directory = ThisBuild.NewDirectory("backup");
    private readonly int _smtp = ServerProcess.FreePort();
    private Dnsmasq? _dns;
    private TestSink.TestSink? _sink;
    private Installation? _used, _restored;

    private string Data => Path.Combine(_directory, "data");

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        _sink = await TestSink.TestSink.StartAsync();
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "shaping.json"), """
            {"version": "ours", "sources": {"ip1": {"address": "127.0.0.2"}}, "defaults": {"rate": "7/s"}}
            """);
        File.WriteAllText(Path.Combine(Data, "bounces.json"), """
            {"version": "mine", "rules": [{"id": "house-word", "match": ["the cellar is full"], "reason": "mailbox_full"}]}
            """);
        _used = await Start(Data);
    }

    public async Task DisposeAsync()
    {
        _used?.Dispose();
        _restored?.Dispose();
        if (_sink is not null) await _sink.DisposeAsync();
        _dns?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Task<Installation> Start(string directory) => Installation.Start(directory,
        ("AkkaMail__Dns__Servers", $"127.0.0.1:{_dns!.Port}"), ("AkkaMail__Delivery__Port", $"{_sink!.Port}"),
        ("AkkaMail__Delivery__AllowNetworks", "127.0.0.0/8"),
        ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_smtp}"), ("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"),
        ("AkkaMail__Delivery__EhloName", "mail.engine.test"));

    [FilesFact("a database is dumped instead: Postgres/Moved")]
    public async Task A_copy_made_by_the_page_is_the_installation_with_its_rules_holds_and_lists()
    {
        var held = await Use(_used!.Api);
        Assert.Equal(
            NamesOf(Page()).Order(), Directory.EnumerateFileSystemEntries(Data).Select(e => Path.GetFileName(e))
                .Where(name => !name.EndsWith("-wal", StringComparison.Ordinal)
                    && !name.EndsWith("-shm", StringComparison.Ordinal)).Append("tmp").Distinct().Order());
        var before = await Facts(_used.Api, held);

        await Run(Commands(Page(), "## Copy it"));
        _used.Kill();
        await Run(Commands(Page(), "## Restore it").Split('\n')[0]);   // The second line is for who starts it by hand.
        _restored = await Start(Path.Combine(_directory, "restored"));
        await _restored.Api.Status(s => s.Complete && s.Accepted == 3);

        Assert.Equal(before, await Facts(_restored.Api, held));
        Assert.Equal("accepted", (await _restored.Api.Story(held)).Status);   // It waits as it did.
    }

    /// <summary>Something in each of its files; the mail that waits behind a hold.</summary>
    private async Task<string> Use(Api api)
    {
        var delivered = await api.Ended((await api.Send(Mails.To("ann@d1.test")))[0]);
        Assert.Equal("delivered", delivered.Status);
        var path = _sink!.Mails.Single().MailFrom;
        await Bringer.Bring(_smtp, path, Bringer.Bounce("ann@d1.test", "5.1.1", "550 5.1.1 unknown"));
        await Post(api, "/v1/engagement", new { events = new[] { new { address = "bob@d1.test" } } });
        await Post(api, "/v1/domains", new { domain = "sender.test" });
        await Post(api, "/v1/lanes/ip1/mx.d2.test/suspend", new { note = "they asked us to" });
        var held = (await api.Send(Mails.To("eve@d2.test")))[0];
        Assert.Equal("suppressed", (await api.Ended(await Suppressed(api))).Status);
        return held;
    }

    private static async Task<string> Suppressed(Api api)
    {
        await Wait.Until(async () => (await Get(api, "/v1/suppressions"))["suppressions"]!.AsArray().Count == 1);
        return (await api.Send(Mails.To("ann@d1.test")))[0];
    }

    /// <summary>What an operator would miss, one line each.</summary>
    private static async Task<string[]> Facts(Api api, string held)
    {
        var lane = await Get(api, "/v1/lanes/ip1/mx.d2.test");
        var site = await Get(api, "/v1/sites/d2.test/explain");
        return
        [
            $"shaping {(await Get(api, "/v1/shaping"))["version"]}", $"site {site["site"]} by {site["version"]}",
            $"hold {lane["state"]} {lane["holds"]![0]!["note"]}",
            $"bounces {await Reason(api, "452 the cellar is full")}",
            $"returned {(await Get(api, "/v1/bounces/mails"))["mails"]!.AsArray().Single()!["outcome"]}",
            $"suppressed {(await Get(api, "/v1/suppressions"))["suppressions"]!.AsArray().Single()!["address"]}",
            $"suppressed found {(await Get(api, "/v1/suppressions?address=ann@d1.test"))["suppressions"]!.AsArray().Count}",
            $"domain {(await Get(api, "/v1/domains"))["domains"]!.AsArray().Single()!["name"]}",
            $"engaged {(await Get(api, "/v1/hygiene/unengaged?delivered=1"))["engaged"]}",
            $"held mail to {(await api.Story(held)).To}",
        ];
    }

    private static async Task<JsonNode> Get(Api api, string path) =>
        JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    private static async Task Post(Api api, string path, object body)
    {
        using var answer = await api.Http.PostAsJsonAsync(path, body, Api.Json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> Reason(Api api, string reply)
    {
        using var answer = await api.Http.PostAsJsonAsync("/v1/bounces/classify", new { replies = new[] { reply } }, Api.Json);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())![0]!["rule"]!;
    }

    private async Task Run(string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", commands])
        {
            WorkingDirectory = _directory,
            RedirectStandardError = true,
        })!;
        var errors = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, errors);
    }

    private static string Page() => File.ReadAllText(Path.Combine(ThisBuild.Root, "docs", "operating", "backup.md"));

    private static string Commands(string page, string heading)
    {
        var from = page.IndexOf("```sh\n", page.IndexOf(heading, StringComparison.Ordinal), StringComparison.Ordinal) + 6;
        return page[from..page.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> NamesOf(string page) => Row().Matches(page)
        .SelectMany(row => Name().Matches(row.Groups[1].Value).Select(name => name.Groups[1].Value));

    [GeneratedRegex(@"^\| (`[^|]+) \| [^|]+ \| (?:has|leaves)", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
