using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>The description leaves nothing unsaid, and is as a strict reader wants it.</summary>
[Collection(Resolving.Name)]
public sealed class DescriptionWords(Resolving server)
{
    private HttpClient Http => server.Api.Http;

    [Fact]
    public async Task Every_schema_property_parameter_header_and_tag_is_described()
    {
        var api = await Described.Read(Http);

        Assert.Empty(Undescribed(api));
        Assert.True(Things(api).Count() > 800, $"only {Things(api).Count()}");
    }

    [Fact]
    public async Task What_is_not_described_is_found()
    {
        var api = await Described.Read(Http);
        api.Document["components"]!["schemas"]!["MessageResponse"]!["properties"]!["site"]!.AsObject().Remove("description");
        api.Operation("get", "/v1/messages")["parameters"]![0]!["description"] = " ";

        Assert.Equal(["MessageResponse.site", "ListMessages ?status"], Undescribed(api));
    }

    /// <summary>A text that is one of a few words says so; what is read from a text is of its own type.</summary>
    [Fact]
    public async Task Texts_have_their_words_and_numbers_their_bounds()
    {
        var api = await Described.Read(Http);
        JsonNode Property(string schema, string name) => api.Document["components"]!["schemas"]![schema]!["properties"]![name]!;

        Assert.Contains("delivered", Property("MessageResponse", "status")["enum"]!.AsArray().Select(w => (string?)w));
        Assert.Contains("over_quota", Property("Problem", "code")["enum"]!.AsArray().Select(w => (string?)w));
        Assert.Equal(1_000, (int?)Property("SendRequest", "to")["maxItems"]);
        Assert.Equal("#/components/schemas/SendAddress", (string?)Property("SendRequest", "to")["items"]!["$ref"]);
        Assert.Equal(50, (int?)Property("SendPersonalization", "headers")["maxProperties"]);
        Assert.Equal((1, 1_000_000_000), ((int?)Property("QuotaRequest", "day")["minimum"], (int?)Property("QuotaRequest", "day")["maximum"]));
        Assert.Equal("date-time", (string?)Property("SendRequest", "send_at")["format"]);
        Assert.Equal(["from"], api.Document["components"]!["schemas"]!["SendRequest"]!["required"]!.AsArray().Select(r => (string?)r));
        foreach (var operation in api.Operations)
            foreach (var limit in operation.Node["parameters"]!.AsArray().Where(p => (string?)p!["name"] == "limit"))
                Assert.Equal(("integer", 1, 500, 50), ((string?)limit!["schema"]!["type"], (int?)limit["schema"]!["minimum"],
                    (int?)limit["schema"]!["maximum"], (int?)limit["schema"]!["default"]));
    }

    [Fact]
    public async Task Every_operation_says_who_may_ask_it()
    {
        var api = await Described.Read(Http);

        Assert.Equal("bearer", (string?)api.Document["components"]!["securitySchemes"]!["key"]!["scheme"]);
        Assert.All(api.Operations, o => Assert.Contains(
            (string?)o.Node["x-scope"], (string[])["send", "read", "manage", "admin"]));
        Assert.Equal("send", (string?)api.Operation("post", "/v1/messages")["x-scope"]);
        Assert.Equal("admin", (string?)api.Operation("post", "/v1/tenants")["x-scope"]);
    }

    [Fact]
    public async Task A_linter_finds_nothing()
    {
        var (lint, file) = (Path.Combine(ThisBuild.Root, "tests/Peers/lint"), Path.Combine(ThisBuild.NewDirectory("lint"), "v1.json"));
        await File.WriteAllTextAsync(file, await Http.GetStringAsync("/openapi/v1.json"));

        var (code, said) = await Commands.Run(
            "node", ["node_modules/.bin/redocly", "lint", file, "--config", "redocly.yaml"], lint,
            ("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"));

        Assert.True(code == 0, said);   // What is recommended is an error, so there is nothing left to warn of.
        Assert.Contains("Your API description is valid", said, StringComparison.Ordinal);
        Assert.DoesNotContain("You have", said, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Undescribed(Described api) =>
        Things(api).Where(t => string.IsNullOrWhiteSpace((string?)t.Node["description"])).Select(t => t.Name);

    private static IEnumerable<(string Name, JsonNode Node)> Things(Described api)
    {
        var components = api.Document["components"]!;
        foreach (var (name, schema) in components["schemas"]!.AsObject())
        {
            yield return (name, schema!);
            foreach (var (property, node) in schema!["properties"]?.AsObject() ?? []) yield return ($"{name}.{property}", node!);
        }
        foreach (var operation in api.Operations)
        {
            foreach (var parameter in operation.Node["parameters"]!.AsArray().Select(p => api.Resolve(p!)))
                yield return ($"{operation.Id} ?{parameter["name"]}", parameter);
            foreach (var (status, response) in operation.Node["responses"]!.AsObject())
                foreach (var (header, node) in api.Resolve(response!)["headers"]!.AsObject())
                    yield return ($"{operation.Id} {status} {header}", api.Resolve(node!));
        }
        foreach (var tag in api.Document["tags"]!.AsArray()) yield return ($"{tag!["name"]}", tag);
    }
}
