using System.IO.Compression;
using System.Text;

namespace AkkaMail.Cli.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-").FullName;

    private string Write(string name, byte[] content)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    private static byte[] Gz(string content)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest)) gz.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    [Fact]
    public async Task Who_sends_as_a_domain_is_a_table()
    {
        await using var server = await StubServer.Start(
        [
            (200, """
                {"domain":"a.test","days":[{"day":"2026-03-02","sources":[
                {"source_ip":"192.0.2.7","source":"ip1","reporters":["google.com","Yahoo"],
                "authenticated_as":["a.test"],"mails":10000,"passed":9999,"dkim_aligned":10000,"spf_aligned":5000,"quarantined":0,"rejected":1},
                {"source_ip":"2001:db8::1","reporters":["google.com"],"authenticated_as":[],
                "mails":3,"passed":0,"dkim_aligned":0,"spf_aligned":1,"quarantined":3,"rejected":0}]}]}
                """),
        ]);

        var ran = await Runs.Akkamail(
            server.Url, ["domains", "dmarc", "a.test", "--since", "2026-03-01", "--limit", "2", "--output", "table"]);

        Assert.Equal("""
            Day         Source       Ours   Mails    Pass   DKIM     SPF  Quar.  Rej.  As      Reported by
            2026-03-02  192.0.2.7    ip1   10,000  99.9 %  100 %    50 %      0     1  a.test  google.com, Yahoo
            2026-03-02  2001:db8::1             3     0 %    0 %  33.3 %      3     0          google.com

            """.ReplaceLineEndings("\n"), Trimmed(ran.Out));
        Assert.Equal("/v1/domains/a.test/dmarc?from=2026-03-01&limit=2", server.Requests.Single().Target);
    }

    [Fact]
    public async Task How_sessions_went_is_a_table()
    {
        await using var server = await StubServer.Start(
        [
            (200, """
                {"domain":"a.test","days":[{"day":"2026-03-02","reporters":[{"reporter":"Google Inc.","successful":90,
                "failed":10,"results":[
                {"policy_domain":"bounce.a.test","policy_type":"sts","result":"success","sessions":90},
                {"policy_domain":"bounce.a.test","policy_type":"sts","mx_host":"mx.a.test",
                "result":"certificate-expired","sessions":10}]}]}]}
                """),
        ]);

        var ran = await Runs.Akkamail(server.Url, ["domains", "tls", "a.test", "--output", "table"]);

        Assert.Equal("""
            Day         Sessions  Share  Result               Policy  Of             Host       Reported by
            2026-03-02        90   90 %  success              sts     bounce.a.test             Google Inc.
            2026-03-02        10   10 %  certificate-expired  sts     bounce.a.test  mx.a.test  Google Inc.

            """.ReplaceLineEndings("\n"), Trimmed(ran.Out));
        Assert.Equal("/v1/domains/a.test/tls", server.Requests.Single().Target);
    }

    [Fact]
    public async Task Files_go_where_they_belong_and_a_bad_one_keeps_no_other_out()
    {
        const string taken = """
            {"reports":[{"kind":"dmarc","domain":"a.test","reporter":"google.com","begin":"2026-03-01T00:00:00+00:00",
            "mails":12,"repeat":false}]}
            """;
        await using var server = await StubServer.Start(
        [
            (201, taken),
            (422, """{"title":"Not valid","detail":"$: It","errors":[{"field":"$","message":"It is no XML."}]}"""),
            (201, taken.Replace("mails", "sessions", StringComparison.Ordinal)),
            (200, taken.Replace("false", "true", StringComparison.Ordinal)),
            (201, """{"reports":[{"repeat":false,"refused":"It has no report id."}]}"""),
        ]);
        string[] files =
        [
            Write("a.xml.gz", Gz("<feedback/>")), Write("b.zip", "PK\u0003\u0004"u8.ToArray()),
            Write("c.json.gz", Gz(" {}")),
            Write("d.eml", "From: a@b.test\nContent-Type: application/gzip\n\nx"u8.ToArray()),
            Write("e.eml", "Content-Type: multipart/report;\n report-type=tlsrpt\n\nx"u8.ToArray()),
        ];

        var ran = await Runs.Akkamail(server.Url, ["reports", "add", .. files]);

        Assert.Equal(
        [
            $"{files[0]}\ttaken\tdmarc\ta.test\t2026-03-01\t12\tgoogle.com\t",
            $"{files[1]}\trefused\t\t\t\t\t\tIt is no XML.",
            $"{files[2]}\ttaken\tdmarc\ta.test\t2026-03-01\t12\tgoogle.com\t",
            $"{files[3]}\trepeat\tdmarc\ta.test\t2026-03-01\t12\tgoogle.com\t",
            $"{files[4]}\trefused\t\t\t\t\t\tIt has no report id.",
        ], ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(4, ran.Code);
        Assert.Equal(
            ["/v1/reports/dmarc", "/v1/reports/dmarc", "/v1/reports/tls", "/v1/reports/dmarc", "/v1/reports/tls"],
            server.Requests.Select(r => r.Target));
    }

    /// <summary>A table is as wide as its widest row.</summary>
    private static string Trimmed(string table) => string.Join('\n', table.Split('\n').Select(line => line.TrimEnd()));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
