using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The shaping file of a running server: read, changed, refused, and explained domain by domain.</summary>
[Collection(Shaped.Name)]
public sealed class ShapingRules(Shaped server)
{
    private readonly string _to = server.Domain(), _other = server.Domain();

    private Api Api => server.Api;

    [Fact]
    public async Task A_change_is_taken_a_faulty_one_refused_and_a_domain_explained()
    {
        server.Write($$"""
            {"version": "one", "sources": {"ip1": {"address": "127.0.0.1"}, "esp": {"smarthost": {"host": "h.test"} } },
             "domains": {"{{_to}}": {"limits": {"rate": "7/s"} } } }
            """);
        await Taken("one");

        var own = await Get($"/v1/sites/{_to}/explain");
        Assert.Equal((_to, $"domains.{_to}"), ((string?)own["site"], (string?)own["reason"]));
        var (esp, ip1) = (own["sources"]![0]!, own["sources"]![1]!);
        Assert.Equal(("esp", "smarthost", "verified"),
            ((string?)esp["source"], (string?)esp["site"], (string?)esp["limits"]!["tls"]!["value"]));
        Assert.Equal($$"""{"value":"7/s","origin":"domains.{{_to}}.limits.rate (shaping.json:2)"}""",
            ip1["limits"]!["rate"]!.ToJsonString());
        var other = await Get($"/v1/sites/{_other.ToUpperInvariant()}/explain?source=ip1");
        Assert.Equal($$"""["mx.{{_other}}"]""", other["mx_hosts"]!.ToJsonString());
        Assert.Equal(($"mx.{_other}", "AkkaMail:Retry"),
            ((string?)other["site"], (string?)other["retry"]!["origin"]));

        server.Write("""{"version": "two"}""");
        await Taken("two");
        var before = Refusals;
        server.Write("{\n\"defaults\": {\"rate\": \"fast\"}}");
        await Wait.Until(async () => (await Get("/v1/shaping"))["refused"] is not null);

        var refused = await Get("/v1/shaping");
        Assert.StartsWith("two+", (string)refused["version"]!);
        var error = refused["refused"]!["errors"]![0]!;
        Assert.Equal((2, "defaults.rate"), ((int)error["line"]!, (string?)error["field"]));
        await Wait.Until(() => server.Installation.Server.Output.Contains(
            $"{server.File}:2 defaults.rate", StringComparison.Ordinal));
        Assert.Equal(before + 1, Refusals);
    }

    [Fact]
    public async Task The_sites_a_domain_has_belonged_to_are_told_with_what_decided_it_also_after_a_restart()
    {
        server.Write("""{"version": "one"}""");
        await Taken("one");
        async Task<JsonArray> History() =>
            (JsonArray)(await Get($"/v1/sites/{_to.ToUpperInvariant()}/history"))["changes"]!;
        async Task Deliver(int number)
        {
            await Api.Send(Mails.To($"ann@{_to}"));
            await Wait.Until(() => server.SunkAt(_to).Count == number);
        }

        await Deliver(1);
        await Wait.Until(async () => (await History()).Count == 1);
        server.Write($$"""
            {"version": "two", "providers": {"second": {"match": [{"MXSuffix": ".{{_to}}"}] } } }
            """);
        await Taken("two");
        await Deliver(2);
        await Wait.Until(async () => (await History()).Count == 2);
        await server.Installation.Restart();
        await Deliver(3);

        var (now, before) = ((await History())[0]!, (await History())[1]!);
        Assert.Equal(2, (await History()).Count);
        Assert.Equal(("second", $"mx.{_to}", $"providers.second MXSuffix .{_to}"),
            ((string?)now["site"], (string?)now["before"], (string?)now["reason"]));
        Assert.StartsWith("two+", (string)now["version"]!);
        Assert.Equal(($"mx.{_to}", null, $$"""["mx.{{_to}}"]"""),
            ((string?)before["site"], (string?)before["before"], before["mx_hosts"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_file_is_validated_without_being_taken()
    {
        server.Write("""{"version": "mine"}""");
        await Taken("mine");
        var http = Api.Http;

        using var good = await http.PostAsync("/v1/shaping/validate", new StringContent("{\"version\": \"x\"}"));
        using var bad = await http.PostAsync("/v1/shaping/validate", new StringContent("{\n\"nonsense\": 1}"));

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.StartsWith("x+", (string)JsonNode.Parse(await good.Content.ReadAsStringAsync())!["version"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        var problem = JsonNode.Parse(await bad.Content.ReadAsStringAsync())!;
        Assert.Equal(("nonsense", 2),
            ((string?)problem["errors"]![0]!["field"], (int)problem["errors"]![0]!["line"]!));
        Assert.StartsWith("mine+", await server.Version());
        Assert.Equal((false, true),
            ((bool)server.WithoutFile["from_file"]!, (bool)(await Get("/v1/shaping"))["from_file"]!));
        using var nowhere = await http.GetAsync("/v1/sites/a..b/explain");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nowhere.StatusCode);
    }

    [Theory]
    [InlineData("{\n\"nonsense\": 1}", ":2 nonsense: is not known here")]
    [InlineData("{\"sources\": {\"ip9\": {\"address\": \"192.0.2.9\"}}}",
        "The source 'ip9' has the address 192.0.2.9, which this machine does not have; it has ")]
    public async Task A_file_that_cannot_hold_ends_the_start_with_one_line_and_no_trace(string text, string says)
    {
        var directory = ThisBuild.NewDirectory("shaping");
        var file = Path.Combine(directory, "shaping.json");
        await File.WriteAllTextAsync(file, text);
        try
        {
            using var refused = ServerProcess.Start(directory, new Dictionary<string, string>());

            Assert.Equal(1, await refused.Ended());
            Assert.Contains(says, Assert.Single(refused.Errors.Split('\n')), StringComparison.Ordinal);
            Assert.Equal(refused.Errors, refused.Output);
            Assert.Equal(file, Assert.Single(Directory.EnumerateFileSystemEntries(directory)));
        }
        finally { Directory.Delete(directory, recursive: true); }
    }

    private int Refusals => server.Installation.Server.Output.Split("refused, the rules").Length - 1;

    private Task Taken(string version) =>
        Wait.Until(async () => (await server.Version()).StartsWith($"{version}+", StringComparison.Ordinal));

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;
}
