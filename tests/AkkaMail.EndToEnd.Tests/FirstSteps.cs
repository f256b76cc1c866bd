using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>What README and docs/start.md tell a newcomer to type, typed.</summary>
[Collection(Strict.Name)]
public sealed class FirstSteps(Strict server) : IDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("first-steps");

    [Fact]
    public async Task The_README_s_first_mail_is_sent_and_its_story_read()
    {
        using var demo = ServerProcess.Start(_directory, new Dictionary<string, string>(), verb: "demo");
        await Wait.Until(() => demo.Output.Contains("Ctrl+C ends it.", StringComparison.Ordinal), seen: () => demo.Output);
        var commands = Pages.Block("README.md", "export KEY=").Replace("am_…", ServerProcess.AdminKey, StringComparison.Ordinal);

        var (code, said, errors) = await Pages.Type(commands, demo.Url);

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
        var first = Own(Pages.Block("docs/start.md", "akkamail domains add"));
        var send = Own($"export DOMAIN={domain} AKKAMAIL_KEY=$AkkaMail__AdminKey\n" + Pages.Block("docs/start.md", "shop@'$DOMAIN'"));

        var added = await Pages.Type(first, url);
        Assert.True(added.Code == 4, added.Errors);   // Nothing is published yet, and verify says so.
        var early = await Pages.Type(send, url);
        await server.Publish(domain);
        var verified = await Pages.Type(first.Replace("akkamail domains add", "# ", StringComparison.Ordinal), url);
        var sent = await Pages.Type(send, url);

        Assert.Contains($"{domain} is unverified", added.Errors, StringComparison.Ordinal);
        Assert.Equal("sender_not_verified", (string?)JsonNode.Parse(early.Said)!["code"]);
        Assert.True(verified.Code == 0, verified.Errors + verified.Said);
        Assert.Equal("accepted", (string?)JsonNode.Parse(sent.Said)!["messages"]![0]!["status"]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
