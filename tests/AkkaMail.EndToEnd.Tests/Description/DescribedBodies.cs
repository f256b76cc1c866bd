using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>What has no type of its own is described all the same, so that a generated client can send and read it.</summary>
[Collection(Resolving.Name)]
public sealed class DescribedBodies(Resolving server)
{
    private HttpClient Http => server.Api.Http;

    /// <summary>Of a text a generated client makes an encoding, and the file is broken.</summary>
    [Theory]
    [InlineData("/v1/reports/dmarc", "application/octet-stream")]
    [InlineData("/v1/reports/tls", "application/octet-stream")]
    [InlineData("/v1/reports/dmarc", "message/rfc822")]
    [InlineData("/v1/bounces/parse", "message/rfc822")]
    [InlineData("/v1/suppressions/import", "*/*")]
    public async Task A_file_that_is_sent_is_bytes(string path, string type)
    {
        var api = await Described.Read(Http);

        Assert.Equal(("string", "binary"), Kind(api.Operation("post", path)["requestBody"]!["content"]![type]!));
    }

    [Theory]
    [InlineData("/v1/messages/{id}/raw")]
    [InlineData("/v1/bounces/mails/{id}/raw")]
    public async Task A_mail_that_is_answered_is_bytes(string path)
    {
        var api = await Described.Read(Http);

        Assert.Equal(("string", "binary"),
            Kind(api.Operation("get", path)["responses"]!["200"]!["content"]!["message/rfc822"]!));
    }

    [Fact]
    public async Task A_shaping_file_is_an_object_and_not_a_text_with_one_in_it()
    {
        var api = await Described.Read(Http);
        var body = api.Operation("post", "/v1/shaping/validate")["requestBody"]!["content"]!["application/json"]!;
        using var file = JsonDocument.Parse("{\"version\": \"1\"}");
        using var text = JsonDocument.Parse("\"{}\"");

        Assert.Empty(api.Faults(body["schema"]!, file.RootElement));
        Assert.NotEmpty(api.Faults(body["schema"]!, text.RootElement));
        Assert.NotNull(body["examples"]);
    }

    [Fact]
    public async Task Each_line_of_a_check_is_one_of_those_described_the_summary_too()
    {
        var api = await Described.Read(Http);
        var schema = api.Operation("post", "/v1/hygiene/check")
            ["responses"]!["200"]!["content"]!["application/x-ndjson"]!["schema"]!;

        using var answer = await Http.PostAsync(
            "/v1/hygiene/check", new StringContent("ann@d1.test\nno address\n", Encoding.UTF8, "text/plain"));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["HygieneLine", "HygieneFault", "HygieneEnd"],
            api.Resolve(schema)["oneOf"]!.AsArray().Select(o => ((string)o!["$ref"]!).Split('/')[^1]));
        Assert.Contains("\"summary\"", lines[^1], StringComparison.Ordinal);
        Assert.All(lines, line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.Empty(api.Faults(schema, json.RootElement));
        });
    }

    [Fact]
    public async Task Where_the_server_is_does_not_come_from_the_request()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.Host = "evil.example";

        using var answer = await Http.SendAsync(request);

        var servers = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["servers"]!.AsArray();
        Assert.Equal(["/"], servers.Select(s => (string?)s!["url"]));
    }

    [Fact]
    public async Task A_header_that_is_true_or_false_is_a_boolean()
    {
        var api = await Described.Read(Http);

        Assert.Equal("boolean", (string?)api.Operation("post", "/v1/messages")
            ["responses"]!["202"]!["headers"]!["Idempotency-Replayed"]!["schema"]!["type"]);
    }

    private static (string?, string?) Kind(JsonNode media) =>
        ((string?)media["schema"]!["type"], (string?)media["schema"]!["format"]);
}
