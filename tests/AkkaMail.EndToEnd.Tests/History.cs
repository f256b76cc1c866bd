using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>From the version in a story or a lane to the text, and which program ran when.</summary>
[Collection(Shaped.Name)]
public sealed class History(Shaped server)
{
    private readonly string _to = server.Domain();

    private Api Api => server.Api;

    [Fact]
    public async Task From_a_version_that_a_story_or_a_lane_names_one_gets_the_text_also_after_it_was_changed()
    {
        await server.Shape($$"""
            "domains": {"{{_to}}": {"limits": {"rate": "9/s"} } }
            """);
        var version = await server.Version();
        var written = System.IO.File.ReadAllText(server.File);
        var id = (await Api.Send(Mails.To($"permfail@{_to}")))[0];
        await Api.Ended(id);
        await server.Shape("\"streams\": []");

        var classified = (await Get($"/v1/messages/{id}"))["events"]!.AsArray()
            .Select(e => e!["classification"]).Single(c => c is not null)!;
        var bounces = await Get($"/v1/rules/bounces/{Uri.EscapeDataString((string)classified["version"]!)}");
        Assert.Contains($"\"{classified["rule"]}\"", (string)bounces["text"]!, StringComparison.Ordinal);
        var shaping = await Get($"/v1/rules/shaping/{Uri.EscapeDataString(version)}");
        Assert.Equal((written, false), ((string)shaping["text"]!, (bool)shaping["current"]!));
        Assert.Contains("\"providers\"", (string)(await Get($"/v1/rules/shaping/{shaping["over"]}"))["text"]!, StringComparison.Ordinal);
        var listed = (await Get("/v1/rules?kind=shaping"))["rules"]!.AsArray();
        Assert.Equal(await server.Version(), (string)listed[0]!["version"]!);
        Assert.Single(listed, r => (bool)r!["current"]!);
        Assert.Equal(HttpStatusCode.NotFound, await Api.Status(HttpMethod.Get, "/v1/rules/shaping/none"));
    }

    /// <summary>The limits and ways of the installation are nobody's but the operator's.</summary>
    [Fact]
    public async Task A_tenant_gets_the_texts_of_its_stories_alone()
    {
        var name = Mails.Unique("acme");
        var tenant = await server.Installation.Tenant(name);
        var version = Uri.EscapeDataString(await server.Version());

        var listed = JsonNode.Parse(await tenant.Http.GetStringAsync("/v1/rules"))!["rules"]!.AsArray();

        Assert.Equal(["bounces"], listed.Select(r => (string)r!["kind"]!).Distinct());
        Assert.Equal(HttpStatusCode.OK, await Api.Status(HttpMethod.Get, $"/v1/rules/shaping/{version}"));
        Assert.Equal(HttpStatusCode.NotFound, await tenant.Status(HttpMethod.Get, $"/v1/rules/shaping/{version}"));
        Assert.Equal(HttpStatusCode.OK, await tenant.Status(
            HttpMethod.Get, $"/v1/rules/bounces/{Uri.EscapeDataString((string)listed[0]!["version"]!)}"));
    }

    [Fact]
    public async Task Starts_and_ends_of_the_server_are_told_and_a_kill_is_found_afterwards()
    {
        await server.Shape("\"streams\": []");   // Another test may have left a faulty file, which ends a start.
        await server.Installation.Restart();
        server.Installation.Kill();
        await server.Installation.Up();
        await Api.Status(_ => true);

        var nodes = (await Get("/v1/cluster/history?limit=3"))["nodes"]!.AsArray();

        Assert.Equal([null, "lost", "stopped"], nodes.Select(n => (string?)n!["end"]));
        Assert.Equal([false, false, true], nodes.Select(n => n!["ended_at"] is not null));
        Assert.Single(nodes.Select(n => (string)n!["settings"]!).Distinct());
        Assert.Equal(3, nodes.Select(n => (string)n!["node"]!).Distinct().Count());
        Assert.Contains(nodes[0]!["rules"]!.AsArray(), r => (string)r!["kind"]! == "bounces");
        Assert.Contains($"{nodes[1]!["node"]} did not say that it ends", server.Installation.Server.Output, StringComparison.Ordinal);
    }

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;
}
