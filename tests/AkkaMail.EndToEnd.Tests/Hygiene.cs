using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Lists of addresses are looked at before mail is sent to them, with a real DNS server.</summary>
[Collection(FastRetry.Name)]
public sealed class Hygiene(FastRetry server) : IAsyncLifetime
{
    private Api? _tenant;

    private HttpClient Http => _tenant!.Http;

    public async Task InitializeAsync()
    {
        await server.Dns.Publish("hygiene",
            "host-record=web.test,127.0.0.1", "txt-record=empty.test,nothing", "server=/silent.test/127.0.0.99");
        _tenant = await server.NewTenant();
    }

    [Fact]
    public async Task Each_address_is_told_what_is_against_it_in_the_order_of_the_list()
    {
        using var made = await Http.PostAsJsonAsync("/v1/suppressions", new
        {
            entries = new object[]
            {
                new { address = "gone@d1.test" },
                new { address = "news@d1.test", scope = "stream", stream = "broadcast" },
            },
        });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        var lines = await Check("""
            ann@d1.test
            Ann@D1.test

            bob@web.test
            bob@null.test
            bob@empty.test
            bob@nowhere.test
            bob@silent.test
            no address
            postmaster@d2.test
            gone@d1.test
            news@d1.test
            ann@bücher.test
            """);

        Assert.Equal(
            [
                "1 ann@d1.test ok found: ", "2 Ann@D1.test bad found: duplicate",
                "4 bob@web.test risky address_only: mx_address_only",
                "5 bob@null.test bad null_mx: mx_null_mx", "6 bob@empty.test bad none: mx_none",
                "7 bob@nowhere.test bad no_domain: mx_no_domain", "8 bob@silent.test risky unknown: mx_unknown",
                "9 no address bad unknown: syntax", "10 postmaster@d2.test risky found: role",
                "11 gone@d1.test bad found: suppressed_manual", "12 news@d1.test bad found: suppressed_manual,role",
                "13 ann@bücher.test ok found: ",
            ],
            lines[..^1].Select(l => $"{l["line"]} {l["address"]} {l["result"]} {l["mx"]}: "
                + string.Join(',', l["reasons"]!.AsArray().Select(r => (string?)r))));
        Assert.Equal("is not an address (local@domain)", (string?)lines[7]["problem"]);
        Assert.Equal("""
            {"addresses":12,"ok":2,"risky":3,"bad":7,"reasons":{"duplicate":1,"mx_address_only":1,"mx_no_domain":1,
            """ + """
            "mx_none":1,"mx_null_mx":1,"mx_unknown":1,"role":2,"suppressed_manual":2,"syntax":1},"complete":true}
            """,
            lines[^1]["summary"]!.ToJsonString());
        var transactional = await Check("news@d1.test", query: "?stream=transactional");
        Assert.False((bool)transactional[0]["suppressed"]!);
    }

    [Theory]
    [InlineData("name,Email\n\"A, Ann\",ann@d1.test\n\"two\nlines\",bob@d2.test\n", "2 ann@d1.test|4 bob@d2.test")]
    [InlineData("\uFEFFname;email\r\nAnn;ann@d1.test\r\n", "2 ann@d1.test")]
    [InlineData("ann@d1.test,Ann\n\nbob@d2.test,Bob", "1 ann@d1.test|3 bob@d2.test")]
    [InlineData("address\n\"ann b\"@d1.test\n", "2 \"ann b\"@d1.test", "text/plain")]
    public async Task A_list_is_read_as_spreadsheets_write_it(string list, string read, string type = "text/csv")
    {
        var lines = await Check(list, type);

        Assert.Equal(read, string.Join('|', lines[..^1].Select(l => $"{l["line"]} {l["address"]}")));
        Assert.All(lines[..^1], l => Assert.True((bool)l["syntax"]!));
    }

    [Fact]
    public async Task A_hundred_thousand_addresses_are_answered_one_by_one_and_one_more_is_an_error_on_its_line()
    {
        var list = new StringBuilder();
        for (var i = 1; i <= 100_001; i++) list.Append($"person{i}@d{i % 20}.test\n");
        await Check("ann@d1.test");   // What is loaded once counts for no list.
        var before = server.Installation.Server.RssNow();

        using var answer = await Send(list.ToString());
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 1; i <= 100_000; i++)
            Assert.StartsWith(
                $$"""{"line":{{i}},"address":"person{{i}}@d{{i % 20}}.test","result":"ok",""",
                await reader.ReadLineAsync());
        var fault = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        var summary = JsonNode.Parse((await reader.ReadLineAsync())!)!["summary"]!;

        Assert.Equal(100_001, (long)fault["line"]!);
        Assert.Contains("100000", (string)fault["error"]!, StringComparison.Ordinal);
        Assert.Equal((100_000, false), ((long)summary["ok"]!, (bool)summary["complete"]!));
        Assert.Null(await reader.ReadLineAsync());
        Assert.InRange(server.Installation.Server.Rss(peak: true) - before, 0, 150);
    }

    [Fact]
    public async Task A_client_that_takes_no_answer_keeps_a_place_until_it_goes_and_others_are_told_to_wait()
    {
        var list = new StringBuilder();
        for (var i = 1; i <= 100_000; i++) list.Append($"person{i}@d{i % 20}.test\n");
        var text = list.ToString();
        var first = await Send(text);
        var second = await Send(text);

        using var third = await Send("ann@d1.test");
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(30, third.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        first.Dispose();
        second.Dispose();

        await Wait.Until(async () =>
        {
            using var again = await Send("ann@d1.test");
            return again.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task What_is_no_list_is_refused()
    {
        using var empty = await Send("");
        using var large = await Send(new string('x', 32 * 1024 * 1024 + 1));
        using var stream = await Send("ann@d1.test", query: "?stream=nothing");

        Assert.Equal((422, 413, 422), ((int)empty.StatusCode, (int)large.StatusCode, (int)stream.StatusCode));
        var cut = await Check("ann@d1.test\n" + new string('x', 20_000) + "\nbob@d1.test\n");
        Assert.Equal(["1", "2", null], cut.Select(l => l["line"]?.ToJsonString()));
        Assert.False((bool)cut[^1]["summary"]!["complete"]!);
    }

    private async Task<JsonNode[]> Check(string list, string type = "text/csv", string query = "")
    {
        using var answer = await Send(list, type, query);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }

    private Task<HttpResponseMessage> Send(string list, string type = "text/csv", string query = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/hygiene/check" + query)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(list)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task DisposeAsync()
    {
        _tenant?.Dispose();
        return Task.CompletedTask;
    }
}
