using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>The shaping file of a running server: read, changed, refused, and explained domain by domain.</summary>
public sealed class ShapingRules : IDisposable
{
    private readonly string _directory = ThisBuild.NewDirectory("shaping");

    private string File => Path.Combine(_directory, "shaping.json");

    [Fact]
    public async Task A_change_is_taken_a_faulty_one_refused_and_a_domain_explained()
    {
        Write("""
            {"version": "one", "sources": {"ip1": {"address": "127.0.0.1"}, "esp": {"smarthost": {"host": "h.test"}}},
             "domains": {"d1.test": {"limits": {"rate": "7/s"}}}}
            """);
        using var dns = await Dnsmasq.Start();
        using var installation = await Installation.Start(
            _directory, ("AkkaMail__Dns__Servers", $"127.0.0.1:{dns.Port}"));
        var api = installation.Api;

        Assert.StartsWith("one+", await Version(api));
        var own = await Get(api, "/v1/sites/d1.test/explain");
        Assert.Equal(("d1.test", "domains.d1.test"), ((string?)own["site"], (string?)own["reason"]));
        var (esp, ip1) = (own["sources"]![0]!, own["sources"]![1]!);
        Assert.Equal(("esp", "smarthost", "verified"),
            ((string?)esp["source"], (string?)esp["site"], (string?)esp["limits"]!["tls"]!["value"]));
        Assert.Equal("""{"value":"7/s","origin":"domains.d1.test.limits.rate (shaping.json:2)"}""",
            ip1["limits"]!["rate"]!.ToJsonString());
        var other = await Get(api, "/v1/sites/D2.test/explain?source=ip1");
        Assert.Equal("""["mx.d2.test"]""", other["mx_hosts"]!.ToJsonString());
        Assert.Equal(("mx.d2.test", "AkkaMail:Retry"),
            ((string?)other["site"], (string?)other["retry"]!["origin"]));

        Write("""{"version": "two"}""");
        await Wait.Until(async () => (await Version(api)).StartsWith("two+", StringComparison.Ordinal));
        Write("{\n\"defaults\": {\"rate\": \"fast\"}}");
        await Wait.Until(async () => (await Get(api, "/v1/shaping"))["refused"] is not null);

        var refused = await Get(api, "/v1/shaping");
        Assert.StartsWith("two+", (string)refused["version"]!);
        var error = refused["refused"]!["errors"]![0]!;
        Assert.Equal((2, "defaults.rate"), ((int)error["line"]!, (string?)error["field"]));
        await Wait.Until(() => installation.Server.Output.Contains($"{File}:2 defaults.rate", StringComparison.Ordinal));
        Assert.Equal(1, installation.Server.Output.Split("refused, the rules").Length - 1);
    }

    [Fact]
    public async Task The_sites_a_domain_has_belonged_to_are_told_with_what_decided_it_also_after_a_restart()
    {
        using var dns = await Dnsmasq.Start();
        await using var sink = await TestSink.TestSink.StartAsync();
        using var installation = await Installation.Start(_directory,
            ("AkkaMail__Dns__Servers", $"127.0.0.1:{dns.Port}"),
            ("AkkaMail__Delivery__Port", sink.Port.ToString(CultureInfo.InvariantCulture)));
        async Task<JsonArray> History() =>
            (JsonArray)(await Get(installation.Api, "/v1/sites/D2.test/history"))["changes"]!;
        async Task Deliver(int number)
        {
            await installation.Api.Send(Mails.To("ann@d2.test"));
            await Wait.Until(() => sink.Count == number);
        }

        await Deliver(1);
        await Wait.Until(async () => (await History()).Count == 1);
        Write("""{"version": "two", "providers": {"second": {"match": [{"MXSuffix": ".d2.test"}]}}}""");
        await Wait.Until(async () => (await Version(installation.Api)).StartsWith("two+", StringComparison.Ordinal));
        await Deliver(2);
        await Wait.Until(async () => (await History()).Count == 2);
        await installation.Restart();
        await Deliver(3);

        var (now, before) = ((await History())[0]!, (await History())[1]!);
        Assert.Equal(2, (await History()).Count);
        Assert.Equal(("second", "mx.d2.test", "providers.second MXSuffix .d2.test"),
            ((string?)now["site"], (string?)now["before"], (string?)now["reason"]));
        Assert.StartsWith("two+", (string)now["version"]!);
        Assert.Equal(("mx.d2.test", null, """["mx.d2.test"]"""),
            ((string?)before["site"], (string?)before["before"], before["mx_hosts"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_file_is_validated_without_being_taken()
    {
        using var installation = await Installation.Start(_directory);
        var http = installation.Api.Http;

        using var good = await http.PostAsync("/v1/shaping/validate", new StringContent("{\"version\": \"x\"}"));
        using var bad = await http.PostAsync("/v1/shaping/validate", new StringContent("{\n\"nonsense\": 1}"));

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.StartsWith("x+", (string)JsonNode.Parse(await good.Content.ReadAsStringAsync())!["version"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, bad.StatusCode);
        var problem = JsonNode.Parse(await bad.Content.ReadAsStringAsync())!;
        Assert.Equal(("nonsense", 2),
            ((string?)problem["errors"]![0]!["field"], (int)problem["errors"]![0]!["line"]!));
        Assert.False((bool)(await Get(installation.Api, "/v1/shaping"))["from_file"]!);
        using var nowhere = await http.GetAsync("/v1/sites/a..b/explain");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nowhere.StatusCode);
    }

    [Theory]
    [InlineData("{\n\"nonsense\": 1}", ":2 nonsense: is not known here")]
    [InlineData("{\"sources\": {\"ip9\": {\"address\": \"192.0.2.9\"}}}",
        "The source 'ip9' has the address 192.0.2.9, which this machine does not have; it has ")]
    public async Task A_file_that_cannot_hold_ends_the_start_with_one_line_and_no_trace(string text, string says)
    {
        Write(text);

        using var server = ServerProcess.Start(_directory, new Dictionary<string, string>());

        Assert.Equal(1, await server.Ended());
        Assert.Contains(says, Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(server.Errors, server.Output);
        Assert.Equal(File, Assert.Single(Directory.EnumerateFileSystemEntries(_directory)));
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text, new UTF8Encoding(false));

    private static async Task<string> Version(Api api) => (string)(await Get(api, "/v1/shaping"))["version"]!;

    private static async Task<JsonNode> Get(Api api, string path) =>
        JsonNode.Parse(await api.Http.GetStringAsync(path))!;

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
