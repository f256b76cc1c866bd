using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Reports of receivers over HTTP: what is uploaded is shown by source and day, and to nobody else.</summary>
[Collection(Resolving.Name)]
public sealed class Reports(Resolving server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
    private readonly string _domain = $"reports{Guid.NewGuid():n}.test";

    private HttpClient Http => server.Api.Http;

    public async Task InitializeAsync()
    {
        using var added = await Http.PostAsync("/v1/domains",
            new StringContent($$"""{"domain":"{{_domain}}"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
    }

    [Fact]
    public async Task A_dmarc_report_is_shown_by_source_and_day_and_counts_once()
    {
        var google = Dmarc("google.com", "1", -2, Row("127.0.0.1", 40, "none", "pass", "pass"),
            Row("192.0.2.9", 3, "reject", "fail", "fail"));
        var first = await Upload("dmarc", Gz(google), HttpStatusCode.Created);
        await Upload("dmarc", Zip("a.xml", Dmarc("Yahoo", "1", -2, Row("192.0.2.9", 5, "quarantine", "fail", "pass"))),
            HttpStatusCode.Created);
        await Upload("dmarc", Plain(Dmarc("Yahoo", "2", -1, Row("127.0.0.1", 7, "none", "pass", "fail"))),
            HttpStatusCode.Created);

        var again = await Upload("dmarc", Gz(google), HttpStatusCode.OK);

        Assert.Equal("dmarc google.com 1 2 43 False",
            Line(first["reports"]![0]!, "kind", "reporter", "report_id", "sources", "mails", "repeat"));
        Assert.Equal("google.com 43 True", Line(again["reports"]![0]!, "reporter", "mails", "repeat"));
        var shown = await Get("dmarc");
        Assert.Equal(
        [
            $"{Day(-1)}: 127.0.0.1 [Yahoo] 7 7 7 0 0 0",
            $"{Day(-2)}: 127.0.0.1 [google.com] 40 40 40 40 0 0",
            $"{Day(-2)}: 192.0.2.9 [Yahoo,google.com] 8 5 0 5 5 3",
        ], shown["days"]!.AsArray().SelectMany(d => d!["sources"]!.AsArray().Select(s =>
            $"{d["day"]}: {s!["source_ip"]} [{string.Join(',', s["reporters"]!.AsArray())}] "
            + Line(s, "mails", "passed", "dkim_aligned", "spf_aligned", "quarantined", "rejected"))));
        Assert.Equal(["esp.test"],
            shown["days"]![0]!["sources"]![0]!["authenticated_as"]!.AsArray().Select(n => (string?)n));
        Assert.Single((await Get($"dmarc?from={Day(-1)}&to={Day(0)}"))["days"]!.AsArray());
        Assert.Equal("other", (string?)(await Get("dmarc?limit=1"))["days"]![1]!["sources"]![1]!["source_ip"]);
    }

    [Fact]
    public async Task A_tls_report_of_the_return_path_is_shown_under_the_domain()
    {
        var text = $$"""
            {"organization-name": "Google Inc.", "report-id": "t1", "date-range":
             {"start-datetime": "{{Day(-1)}}T00:00:00Z", "end-datetime": "{{Day(-1)}}T23:59:59Z"},
             "policies": [{"policy": {"policy-type": "sts", "policy-domain": "bounce.{{_domain}}"}, "summary": {"total-successful-session-count": 90,
             "total-failure-session-count": 10}, "failure-details": [{"result-type": "certificate-expired",
             "receiving-mx-hostname": "mx.engine.test", "failed-session-count": 10}]}]}
            """;

        var taken = await Upload("tls", Gz(text), HttpStatusCode.Created);

        Assert.Equal("tls 100", Line(taken["reports"]![0]!, "kind", "sessions"));
        var reporter = (await Get("tls"))["days"]!.AsArray().Single()!["reporters"]!.AsArray().Single()!;
        Assert.Equal("Google Inc. 90 10", Line(reporter, "reporter", "successful", "failed"));
        Assert.Equal(
            [$"bounce.{_domain} sts  success 90", $"bounce.{_domain} sts mx.engine.test certificate-expired 10"],
            reporter["results"]!.AsArray().Select(
                r => Line(r!, "policy_domain", "policy_type", "mx_host", "result", "sessions")));
        Assert.Empty((await Get("dmarc"))["days"]!.AsArray());
        Assert.Equal("$", await Field(await Post("dmarc", Gz(text))));
    }

    [Fact]
    public async Task A_whole_mail_can_be_uploaded()
    {
        var report = Convert.ToBase64String(Gz(Dmarc("google.com", "m", 0, Passed)),
            Base64FormattingOptions.InsertLineBreaks);
        var mail = Plain("From: noreply-dmarc-support@google.com\r\nContent-Type: application/gzip\r\n"
            + $"Content-Transfer-Encoding: base64\r\n\r\n{report}\r\n");

        using var taken = await Post("dmarc", mail, "message/rfc822");
        using var other = await Post("tls", mail, "message/rfc822");
        using var empty = await Post("dmarc", "From: a@b.test\r\n\r\nhello"u8.ToArray(), "message/rfc822");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity),
            (taken.StatusCode, other.StatusCode, empty.StatusCode));
        Assert.Single((await Get("dmarc"))["days"]!.AsArray());
    }

    [Fact]
    public async Task Bombs_entities_and_what_is_no_report_are_refused_and_the_server_lives()
    {
        var bomb = Dmarc("x", "1", 0, "<x>")[..^"</feedback>".Length] + new string(' ', 60 * 1024 * 1024);
        var good = Dmarc("x", "1", 0, Passed);
        string With(string type) => good.Insert(good.IndexOf("<feedback", StringComparison.Ordinal), type);
        (string Says, byte[] File)[] hostile =
        [
            ("more than a report can need", Gz(bomb)), ("more than a report can need", Zip("a.xml", bomb)),
            ("packed more than once", Zip("a.xml", Zip("b.xml", good))),
            ("document type", Plain(With(
                "<!DOCTYPE feedback [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>"))),
            ("document type", Gz(With("<!DOCTYPE feedback [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"))),
            ("no XML", "hello"u8.ToArray()), ("is empty", []),
            ("over 10 MB", new byte[11 * 1024 * 1024]),
            ("no report id", Plain(Dmarc("x", "", 0, Passed))),
            ("which is to come", Plain(Dmarc("x", "1", 5, Passed))),
            ("400 days are kept", Plain(Dmarc("x", "1", -402, Passed))),
        ];
        foreach (var (says, file) in hostile)
        {
            using var answer = await Post("dmarc", file);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{says}: {answer.StatusCode} {text}");
            Assert.Contains(says, text, StringComparison.Ordinal);
        }
        using var large = await Post("dmarc", new byte[16 * 1024 * 1024 + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);

        Assert.Empty((await Get("dmarc"))["days"]!.AsArray());
        await Upload("dmarc", Plain(good), HttpStatusCode.Created);
    }

    [Fact]
    public async Task Another_tenants_domain_is_unknown_and_its_figures_are_not_there()
    {
        var tenant = $"r{Guid.NewGuid():n}"[..20];
        using var made = await Http.PostAsync("/v1/tenants",
            new StringContent($$"""{"name":"{{tenant}}"}""", Encoding.UTF8, "application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keys")
        {
            Content = new StringContent("""{"name":"k","scopes":["manage"]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("AkkaMail-Tenant", tenant);
        using var keyed = await Http.SendAsync(request);
        var key = (string)JsonNode.Parse(await keyed.Content.ReadAsStringAsync())!["key"]!;
        using var foreign = new Api(server.Installation.Server.Url, key);
        var file = Gz(Dmarc("google.com", "1", 0, Passed));

        using var refused = await Post("dmarc", file, http: foreign.Http);
        using var dmarc = await foreign.Http.GetAsync($"/v1/domains/{_domain}/dmarc");
        using var tls = await foreign.Http.GetAsync($"/v1/domains/{_domain}/tls");

        Assert.Equal("domain", await Field(refused));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (dmarc.StatusCode, tls.StatusCode));
        Assert.DoesNotContain("default", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Upload("dmarc", file, HttpStatusCode.Created);   // Whose it is takes it.
    }

    [Theory]
    [InlineData("from=2026-13-01", "from")]
    [InlineData("to=yesterday", "to")]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=2026-01-01&to=2026-04-03", "from")]
    [InlineData("from=0001-01-01", "from")]
    [InlineData("limit=501", "limit")]
    public async Task A_wrong_range_names_its_field(string query, string field)
    {
        foreach (var kind in (string[])["dmarc", "tls"])
            Assert.Equal(field, await Field(await Http.GetAsync($"/v1/domains/{_domain}/{kind}?{query}")));
        using var whole = await Http.GetAsync($"/v1/domains/{_domain}/dmarc?from=2026-01-01&to=2026-04-02");
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);   // 92 days.
    }

    private static string Day(int offset) => Today.AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static byte[] Plain(string text) => Encoding.UTF8.GetBytes(text);

    private static string Passed => Row("127.0.0.1", 1, "none", "pass", "pass");

    private static string Row(string ip, int count, string disposition, string dkim, string spf) => $"""
        <record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>
        <disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated>
        </row><identifiers/>
        <auth_results><spf><domain>esp.test</domain><result>pass</result></spf></auth_results></record>
        """;

    private string Dmarc(string reporter, string id, int day, params string[] rows) => $"""
        <?xml version="1.0" encoding="UTF-8"?><feedback><report_metadata><org_name>{reporter}</org_name>
        <report_id>{id}</report_id><date_range><begin>{Today.AddDays(day).ToUnixTimeSeconds()}</begin>
        <end>{Today.AddDays(day + 1).ToUnixTimeSeconds() - 1}</end></date_range></report_metadata>
        <policy_published><domain>{_domain}</domain><p>none</p></policy_published>{string.Concat(rows)}</feedback>
        """;

    private static byte[] Gz(string content)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest)) gz.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static byte[] Zip(string name, string content) => Zip(name, Encoding.UTF8.GetBytes(content));

    private static byte[] Zip(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open()) entry.Write(content);
        return packed.ToArray();
    }

    private Task<HttpResponseMessage> Post(
        string kind, byte[] file, string type = "application/octet-stream", HttpClient? http = null)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return (http ?? Http).PostAsync($"/v1/reports/{kind}", content);
    }

    private async Task<JsonNode> Upload(string kind, byte[] file, HttpStatusCode expected)
    {
        using var answer = await Post(kind, file);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Get(string path) =>
        JsonNode.Parse(await Http.GetStringAsync($"/v1/domains/{_domain}/{path}"))!;

    private static async Task<string?> Field(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode} {text}");
        return (string?)JsonNode.Parse(text)!["errors"]![0]!["field"];
    }

    private static string Line(JsonNode node, params string[] fields) =>
        string.Join(' ', fields.Select(f => node[f]?.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True => "True",
            System.Text.Json.JsonValueKind.False => "False",
            _ => node[f]?.ToString(),
        }));

    public Task DisposeAsync() => Task.CompletedTask;
}
