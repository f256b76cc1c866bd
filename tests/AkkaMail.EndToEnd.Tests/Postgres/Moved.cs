using System.Diagnostics;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Postgres;

/// <summary>An installation that began on files goes on in a database, and from there into a dump and back.</summary>
public sealed class Moved : IAsyncLifetime
{
    private readonly string _directory = ThisBuild.NewDirectory("moved");
    private readonly PostgresCluster _cluster = PostgresCluster.Shared;
    private TestSink.TestSink _sink = null!;

    public async Task InitializeAsync() => _sink = await TestSink.TestSink.StartAsync();

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Task<Installation> Start(params (string, string)[] stored) => Installation.Start(
        Path.Combine(_directory, "data"), [("AkkaMail__Delivery__Relay", $"127.0.0.1:{_sink.Port}"), .. stored]);

    [Fact]
    public async Task What_was_in_files_is_in_the_database_and_what_is_in_a_dump_is_an_installation()
    {
        var text = _cluster.NewDatabase();
        string[] before;
        string[] sent;
        string scheduled;
        using (var files = await Start(Stored.In(Stored.Sqlite)))
        {
            (sent, scheduled) = await Use(files.Api);
            await files.Api.Status(s => s.Complete && s.Accepted == 12);
            before = await Facts(files.Api, scheduled);
            Assert.Contains("Is another server running on it?", (await Move(text)).Errors, StringComparison.Ordinal);
            await files.Server.Stop();
        }

        var (code, output, errors) = await Move(text);

        Assert.True(code == 0, output + errors);
        Assert.Contains("journal.db journal: ", output, StringComparison.Ordinal);
        Assert.Contains("content.db envelopes: ", output, StringComparison.Ordinal);
        Assert.Contains("is no installation", (await Move(text)).Errors, StringComparison.Ordinal);   // It has moved.
        using (var moved = await Start(Stored.At(text)))
        {
            await moved.Api.Status(s => s.Complete && s.Accepted == 12);
            Assert.Equal(before, await Facts(moved.Api, scheduled));
            Assert.Equal(sent, await moved.Api.Send(Mail(), "move-1"));   // A repeat stays one.
            await moved.Server.Stop();
        }

        var copy = _cluster.NewDatabase();
        var page = File.ReadAllText(Path.Combine(ThisBuild.Root, "docs", "operating", "backup.md"));
        await Sh(page, "### Copy the database", text, copy);
        await Sh(page, "### Restore the database", text, copy);
        Directory.Delete(Path.Combine(_directory, "data"), recursive: true);
        using var restored = await Start(Stored.At(copy));
        await restored.Api.Status(s => s.Complete && s.Accepted == 12);
        Assert.Equal(before, await Facts(restored.Api, scheduled));
    }

    private static object Mail() => Mails.Tagged("moving", [.. Enumerable.Range(0, 10).Select(i => $"r{i}@d{i}.test")]);

    private static async Task<(string[] Sent, string Scheduled)> Use(Api api)
    {
        var sent = await api.Send(Mail(), "move-1");
        foreach (var id in sent) await api.Ended(id);
        using (await api.Http.PostAsync("/v1/domains", JsonContent(new { domain = "sender.test" }))) { }
        using (await api.Http.PostAsync("/v1/suppressions", JsonContent(new { entries = new[] { new { address = "gone@d1.test" } } }))) { }
        await api.Ended((await api.Send(Mails.To("gone@d1.test")))[0]);
        var later = await api.Send(new
        {
            from = "a@sender.test",
            to = "later@d1.test",
            text = "t",
            send_at = TimeProvider.System.GetUtcNow().AddHours(5),
        });
        return (sent, later[0]);
    }

    private static async Task<string[]> Facts(Api api, string scheduled)
    {
        var list = await api.All("");
        return
        [
            .. list.Select(m => $"{m.Id} {m.Status} {m.To}").Order(StringComparer.Ordinal),
            $"suppressed {(await Get(api, "/v1/suppressions"))["suppressions"]!.AsArray().Single()!["address"]}",
            $"domain {(await Get(api, "/v1/domains/sender.test"))["records"]!.ToJsonString()}",
            $"scheduled {(await api.Story(scheduled)).Types} {(await api.Story(scheduled)).To}",
        ];
    }

    private static async Task<JsonNode> Get(Api api, string path) => JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    private static StringContent JsonContent(object body) =>
        new(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private Task<(int Code, string Output, string Errors)> Move(string to) => Run(
        "dotnet", [ThisBuild.ServerDll(ThisBuild.Configuration), "move", "--to", to],
        ("AkkaMail__DataDirectory", Path.Combine(_directory, "data")));

    /// <summary>The page's commands as they stand there.</summary>
    private async Task Sh(string page, string heading, string from, string to)
    {
        var part = page[page.IndexOf(heading, StringComparison.Ordinal)..];
        var commands = part.Split("```sh\n")[1].Split("```")[0];
        var (code, output, errors) = await Run("sh", ["-ec", commands],
            ("AKKAMAIL_DB", Uri(from)), ("AKKAMAIL_RESTORED", Uri(to)), ("DUMP", Path.Combine(_directory, "akkamail.dump")));
        Assert.True(code == 0, $"{commands}\n{output}{errors}");
    }

    private static string Uri(string text)
    {
        var parts = text.Split(';').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        return $"postgresql://{parts["Username"]}:{parts["Password"]}@{parts["Host"]}:{parts["Port"]}/{parts["Database"]}";
    }

    private static async Task<(int Code, string Output, string Errors)> Run(
        string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
