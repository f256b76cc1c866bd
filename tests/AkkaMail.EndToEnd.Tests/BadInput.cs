using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Whatever comes in, the answer is a problem that names the field; the next sender notices nothing.</summary>
[Collection(Resolving.Name)]
public sealed class BadInput(Resolving server)
{
    private const string Good = """ "from":"a@b.test","to":["c@d1.test"],"subject":"s","text":"t" """;

    public static TheoryData<string, string> Bad => new()
    {
        { "to", """{"from":"a@b.test","subject":"s","text":"t"}""" },
        { "to", """{"from":"a@b.test","to":[],"subject":"s","text":"t"}""" },
        { "from", """{"to":["c@d1.test"],"subject":"s","text":"t"}""" },
        { "to[1]", """{"from":"a@b.test","to":["c@d1.test","nobody"],"subject":"s","text":"t"}""" },
        { "personalizations[1].to[0]",
            """{"from":"a@b.test","text":"t","personalizations":[{"to":["c@d1.test"]},{"to":["@"]}]}""" },
        { "from", """{"from":"a@b.test\r\nBcc: x@y.test","to":["c@d1.test"],"text":"t"}""" },
        { "from", """{"from":{"email":"a@b.test","name":"A\nBcc: x@y.test"},"to":["c@d1.test"],"text":"t"}""" },
        { "to[0]", """{"from":"a@b.test","to":["A\r\n <c@d1.test>"],"text":"t"}""" },
        { "cc[0]", """{"from":"a@b.test","to":["c@d1.test"],"cc":["c\r@d1.test"],"text":"t"}""" },
        { "bcc[0]", """{"from":"a@b.test","to":["c@d1.test"],"bcc":["x@d1.test\nDATA"],"text":"t"}""" },
        { "reply_to", $$"""{{{Good}},"reply_to":"R\r\nX: y <r@b.test>"}""" },
        { "subject", """{"from":"a@b.test","to":["c@d1.test"],"subject":"s\r\nBcc: x@y.test","text":"t"}""" },
        { "headers.X-A", $$$"""{{{{Good}}},"headers":{"X-A":"v\r\nBcc: x@y.test"}}""" },
        { "headers.X-A\r\nBcc", $$$"""{{{{Good}}},"headers":{"X-A\r\nBcc":"x@y.test"}}""" },
        { "headers.Bcc", $$$"""{{{{Good}}},"headers":{"Bcc":"x@y.test"}}""" },
        { "attachments[0].filename", $$$"""{{{{Good}}},"attachments":[{"filename":"a\r\nX: y","content":"QQ=="}]}""" },
        { "attachments[0].content_type",
            $$$"""{{{{Good}}},"attachments":[{"filename":"a","content":"QQ==","content_type":"text/x\r\nX: y"}]}""" },
        { "attachments[0].content_id",
            $$$"""{{{{Good}}},"attachments":[{"filename":"a","content":"QQ==","content_id":"a\r\nX: y"}]}""" },
        { "attachments[0].content", $$$"""{{{{Good}}},"attachments":[{"filename":"a","content":"not base64!"}]}""" },
        { "stream", $$"""{{{Good}},"stream":"unheard-of"}""" },
        { "send_at", $$"""{{{Good}},"send_at":"2020-01-01T00:00:00Z"}""" },
        { "send_at", $$"""{{{Good}},"send_at":"2099-01-01T00:00:00Z"}""" },
        { "send_at", $$"""{{{Good}},"send_at":"tomorrow"}""" },
        { "colour", $$"""{{{Good}},"colour":"red"}""" },
        { "personalizations[0].colour",
            """{"from":"a@b.test","text":"t","personalizations":[{"to":["c@d1.test"],"colour":1}]}""" },
        { "tags[0]", $$"""{{{Good}},"tags":["a\nb"]}""" },
        { "text", """{"from":"a@b.test","to":["c@d1.test"],"subject":"s"}""" },
        { "text", """{"from":"a@b.test","to":["c@d1.test"],"text":"{{nmae}}","variables":{"name":"Ann"}}""" },
        { "html", """{"from":"a@b.test","to":["c@d1.test"],"html":"{{unsubscribe_url}}"}""" },
        { "variables.message_id", $$$"""{{{{Good}}},"variables":{"message_id":"x"}}""" },
        { "$", "[]" },
        { "$", "null" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_wrong_request_is_answered_with_422_and_the_field(string field, string body)
    {
        using var answer = await Post(body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(field, await Fields(answer));
        await StillAccepts();
    }

    [Fact]
    public async Task A_recipient_too_many_is_named()
    {
        var to = string.Join(',', Enumerable.Range(0, 1_001).Select(i => $"\"c{i}@d1.test\""));

        using var answer = await Post($$"""{"from":"a@b.test","to":[{{to}}],"text":"t"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(["to"], await Fields(answer));
        await StillAccepts();
    }

    [Theory]
    [InlineData("{\"NAME\":1}")]
    [InlineData("{\"headers\":{\"NAME\":\"v\"}}")]
    [InlineData("{\"personalizations\":[{\"variables\":{\"NAME\":1}}]}")]
    public async Task A_name_of_megabytes_is_not_said_back(string body)
    {
        using var answer = await Post(body.Replace("NAME", new string('x', 5_000_000), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.InRange(Assert.Single(await Fields(answer)).Length, 200, 201);
        Assert.InRange(answer.Content.Headers.ContentLength ?? (await answer.Content.ReadAsByteArrayAsync()).Length, 100, 2_000);
        await StillAccepts();
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip", "It has the Content-Encoding gzip: send it as it is, not packed.")]
    [InlineData("Content-Type", "application/json; charset=iso-8859-1", "Its charset is iso-8859-1: JSON is sent in UTF-8 (RFC 8259).")]
    public async Task A_body_in_another_form_is_answered_with_415(string header, string value, string says)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{{Good}}}"));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.Remove(header);
        content.Headers.TryAddWithoutValidation(header, value);

        using var answer = await server.Api.Http.PostAsync("/v1/messages", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal(says, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"from\":}")]
    [InlineData("from=a&to=b")]
    [InlineData("{\"subject\":\"\\ud800\"}")]
    public async Task What_is_no_JSON_is_answered_with_400(string body)
    {
        using var answer = await Post(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("isFinalBlock", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await StillAccepts();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_41_MB_is_answered_with_413(bool tellsItsLength)
    {
        var content = new ByteArrayContent(new byte[41 * 1024 * 1024]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = content };
        request.Headers.TransferEncodingChunked = !tellsItsLength;

        using var answer = await server.Api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        await StillAccepts();
    }

    [Theory]
    [InlineData("status=lost", "status")]
    [InlineData("domain=a%20b", "domain")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=x", "to")]
    [InlineData("recipient=nobody", "recipient")]
    public async Task A_wrong_filter_is_answered_with_422_and_its_name(string query, string field)
    {
        using var answer = await server.Api.Http.GetAsync($"/v1/messages?{query}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal([field], await Fields(answer));
    }

    [Theory]
    [InlineData("PUT", "/v1/messages", "application/json", 405)]
    [InlineData("POST", "/v1/status", "application/json", 405)]
    [InlineData("POST", "/v1/messages", "text/plain", 415)]
    [InlineData("GET", "/v1/nowhere", "application/json", 404)]
    [InlineData("GET", "/openapi/v2.json", "application/json", 404)]
    public async Task What_routing_refuses_is_a_problem_too(string method, string path, string type, int status)
    {
        using var request = new HttpRequestMessage(new(method), path)
        {
            Content = new StringContent($"{{{Good}}}", Encoding.UTF8, type),
        };

        using var answer = await server.Api.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, $"https://akkamail.dev/problems/{problem["code"]}"),
            ((int)problem["status"]!, (string?)problem["type"]));
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);   // RFC 9110 §15.5.6 demands it.
    }

    private Task<HttpResponseMessage> Post(string body) =>
        server.Api.Http.PostAsync("/v1/messages", new StringContent(body, Encoding.UTF8, "application/json"));

    private Task<string[]> StillAccepts() => server.Api.Send(Mails.To("ann@d1.test"));

    private static async Task<string[]> Fields(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((int)answer.StatusCode, (int)problem["status"]!);
        Assert.All(problem["errors"]!.AsArray(), e => Assert.NotEmpty((string)e!["message"]!));
        return [.. problem["errors"]!.AsArray().Select(e => (string)e!["field"]!)];
    }
}
