using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What README and docs/start.md tell a newcomer to type, typed.</summary>
[Collection(Strict.Name)]
public sealed partial class FirstSteps(Strict server) : IDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("first-steps");

    [Fact]
    public async Task The_README_s_first_mail_is_sent_and_its_story_read()
    {
        using var demo = ServerProcess.Start(_directory, new Dictionary<string, string>(), verb: "demo");
        await Wait.Until(() => demo.Output.Contains("Ctrl+C ends it.", StringComparison.Ordinal), seen: () => demo.Output);
        var commands = Block("README.md", "export KEY=").Replace("am_…", ServerProcess.AdminKey, StringComparison.Ordinal);

        var (code, said, errors) = await Bash(commands, demo.Url, "");

        Assert.True(code == 0, errors);
        var message = JsonNode.Parse(said)!;
        Assert.Equal(("ann@example.net", "accepted"), ((string?)message["to"], (string?)message["events"]![0]!["type"]));
    }

    [Fact]
    public async Task The_domain_of_the_start_page_is_added_and_its_mail_refused_until_it_is_verified()
    {
        var (domain, url) = ($"{Mails.Unique("start")}.test", server.Installation.Server.Url);
        string Own(string commands) => $"export AkkaMail__AdminKey={ServerProcess.AdminKey}\n" + commands
            .Replace("=example.com ", $"={domain} ", StringComparison.Ordinal);
        var first = Own(Block("docs/start.md", "akkamail domains add"));
        var send = Own($"export DOMAIN={domain} AKKAMAIL_KEY=$AkkaMail__AdminKey\n" + Block("docs/start.md", "shop@'$DOMAIN'"));

        var added = await Bash(first, url, "");
        Assert.True(added.Code == 4, added.Errors);   // Nothing is published yet, and verify says so.
        var early = await Bash(send, url, "");
        await server.Publish(domain);
        var verified = await Bash(first.Replace("akkamail domains add", "# ", StringComparison.Ordinal), url, "");
        var sent = await Bash(send, url, "");

        Assert.Contains($"{domain} is unverified", added.Errors, StringComparison.Ordinal);
        Assert.Equal("sender_not_verified", (string?)JsonNode.Parse(early.Said)!["code"]);
        Assert.True(verified.Code == 0, verified.Errors + verified.Said);
        Assert.Equal("accepted", (string?)JsonNode.Parse(sent.Said)!["messages"]![0]!["status"]);
    }

    /// <summary>The block of commands that has <paramref name="with"/> in it, as it stands on the page.</summary>
    private static string Block(string page, string with) => Blocks()
        .Matches(File.ReadAllText(Path.Combine(ThisBuild.Root, page))).Select(m => m.Groups["commands"].Value)
        .First(commands => commands.Contains(with, StringComparison.Ordinal));

    /// <summary>Run as it is, at another port, and with the command line that has been built already.</summary>
    private static async Task<(int Code, string Said, string Errors)> Bash(string commands, Uri url, string input)
    {
        commands = $"shopt -s expand_aliases; export AKKAMAIL_URL={url}\n" + commands
            .Replace("http://127.0.0.1:8025", url.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("dotnet run --project src/AkkaMail.Cli --", $"dotnet {ThisBuild.CliDll}", StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", commands])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(input);
        bash.StandardInput.Close();
        var errors = bash.StandardError.ReadToEndAsync();
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, said, await errors);
    }

    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
