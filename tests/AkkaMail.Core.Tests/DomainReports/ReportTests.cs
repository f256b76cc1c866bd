using System.IO.Compression;
using System.Text;
using AkkaMail.Core.DomainReports;

namespace AkkaMail.Core.Tests.DomainReports;

public sealed partial class ReportTests
{
    private const string Record = """
        <record><row><source_ip>192.0.2.7</source_ip><count>12</count><policy_evaluated><disposition>none</disposition>
        <dkim>pass</dkim><spf>fail</spf><reason><type>forwarded</type></reason></policy_evaluated></row>
        <identifiers><header_from>example.com</header_from></identifiers><auth_results>
        <dkim><domain>example.com</domain><selector>akkamail-r1</selector><result>pass</result></dkim>
        <dkim><domain>example.com</domain><selector>akkamail-e1</selector><result>neutral</result></dkim>
        <spf><domain>bounce.example.com</domain><result>fail</result></spf></auth_results></record>
        """;

    private const string Rejected = """
        <record><row><source_ip>2001:DB8::1</source_ip><count>3</count><policy_evaluated>
        <disposition>reject</disposition>
        <dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers/><auth_results/></record>
        """;

    private static string Xml(string records, string prolog = "", string space = "") => $"""
        <?xml version="1.0" encoding="UTF-8"?>{prolog}<feedback{space}><version>1.0</version>
        <report_metadata><org_name>google.com</org_name><email>noreply@google.com</email><report_id>42</report_id>
        <date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>
        <policy_published><domain>Example.com</domain><p>none</p></policy_published>{records}</feedback>
        """;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gz(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest)) gz.Write(content);
        return packed.ToArray();
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        return packed.ToArray();
    }

    /// <summary>60 MB of it, in 300 KB or less.</summary>
    private static byte[] Bomb { get; } = MakeBomb();

    private static byte[] MakeBomb()
    {
        var bomb = new byte[60 * 1024 * 1024];
        bomb.AsSpan().Fill((byte)' ');
        Bytes(Xml("<x>")[..^"</feedback>".Length]).CopyTo(bomb, 0);
        return bomb;
    }

    private static ReportReading<DmarcReport> Dmarc(byte[] file, ReportBounds? bounds = null) =>
        DmarcReportReader.Read(new MemoryStream(file), bounds);

    public static TheoryData<string, byte[]> Forms => new()
    {
        { "plain", Bytes(Xml(Record + Rejected)) },
        { "gz", Gz(Bytes(Xml(Record + Rejected))) },
        { "zip", Zip(("google.com!example.com!1!2.xml", Bytes(Xml(Record + Rejected)))) },
        { "zip with more", Zip(("readme.txt", [1]), ("a.xml", Bytes(Xml(Record + Rejected)))) },
        { "a namespace", Bytes(Xml(Record + Rejected, space: " xmlns=\"http://dmarc.org/dmarc-xml/0.1\"")) },
    };

    [Theory, MemberData(nameof(Forms))]
    public void A_dmarc_report_is_rows_and_days_by_source(string form, byte[] file)
    {
        var report = Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file)).Report;

        Assert.Equal(("google.com", "42", "example.com", "none", form),
            (report.Reporter, report.ReportId, report.Domain, report.Policy, form));
        Assert.Equal(new("bounce.example.com", "", "fail"), report.Rows[0].Spf);
        Assert.Equal(
            ["akkamail-r1 pass", "akkamail-e1 neutral"], report.Rows[0].Dkim.Select(d => $"{d.Selector} {d.Result}"));
        Assert.Equal(
            [new(new(2026, 3, 1), "192.0.2.7", 12, 12, 0, 12, 0, 0) { AuthenticatedAs = "example.com" },
                new(new(2026, 3, 1), "2001:db8::1", 3, 0, 0, 0, 0, 3)],
            report.PerSourceAndDay().ToArray());
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "more than a report can need", Gz(Bomb) },
        { "more than a report can need", Zip(("a.xml", Bomb)) },
        { "packed more than once", Gz(Gz(Bytes(Xml(Record)))) },
        { "packed more than once", Zip(("a.xml", Zip(("b.xml", Bytes(Xml(Record)))))) },
        { "2 reports", Zip(("a.xml", Bytes(Xml(Record))), ("b.xml", Bytes(Xml(Record)))) },
        { "more than 10 files", Zip([.. Enumerable.Range(0, 11).Select(i => ($"{i}.xml", new byte[1]))]) },
        { "document type", Bytes(Xml(Record, "<!DOCTYPE feedback [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>")) },
        { "document type", Bytes(Xml(Record, "<!DOCTYPE feedback SYSTEM \"file:///etc/passwd\">")) },
        { "no XML", Bytes("nonsense") },
        { "no XML", Bytes(Xml(Record)[..400]) },
        { "no XML", [] },
        { "no DMARC", Bytes("<a/>") },
        { "no source_ip", Bytes(Xml("<record/>")) },
        { "no count", Bytes(Xml(Record.Replace("12", "-1"))) },
        { "date_range", Bytes(Xml(Record).Replace("1772323200", "99999999999999")) },
        { "cannot be unpacked", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255] },
        { "cannot be unpacked", [(byte)'P', (byte)'K', 3, 4, 0, 0, 0, 0] },
    };

    [Theory, MemberData(nameof(Bad))]
    public void What_is_no_report_is_refused_with_its_reason(string reason, byte[] file) =>
        Assert.Contains(
            reason, Assert.IsType<ReportUnreadable<DmarcReport>>(Dmarc(file)).Reason, StringComparison.Ordinal);

    [Fact]
    public void A_bomb_is_refused_without_unpacking_it()
    {
        var bomb = Gz(Bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Dmarc(bomb);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 * 1024 * 1024);
    }

    /// <summary>What would cost the square of its size, or far more memory than octets.</summary>
    private static byte[] Heavy(string what) => Bytes(what switch
    {
        "attributes" => $"<feedback {Many(500_000, i => $"a{i}=\"\"")}/>",
        "attributes that look like ends" => $"<feedback {Many(500_000, i => $"a{i}=\">\"")}/>",
        "namespaces" => $"<feedback {Many(500_000, i => $"xmlns:a{i}=\"b\"")}/>",
        "a comment" => Xml($"<!--{Many(500_000, _ => "<a/>")}-->"),
        "a text" => Xml($"<![CDATA[{Many(500_000, _ => "<a/>")}]]>"),
        "101 attributes" => $"<feedback {Many(101, i => $"a{i}=\"\"")}></feedback>",
        "depth" => Xml(string.Concat(Enumerable.Repeat("<a>", 100_000))),
        "names" => Xml(Many(100_000, i => $"<a{i}/>")),
        _ => Xml(Many(100_000, i => $"<a b{i}=\"\"/>")),
    });

    private static string Many(int count, Func<int, string> one) => string.Join(' ', Enumerable.Range(0, count).Select(one));

    [Theory]
    [InlineData("attributes", "more than 1000 names")]
    [InlineData("attributes that look like ends", "more than 1000 names")]
    [InlineData("namespaces", "more than 1000 names")]
    [InlineData("a comment", "a tag or a text of over 32768")]
    [InlineData("a text", "a tag or a text of over 32768")]
    [InlineData("101 attributes", "an element of over 100 attributes")]
    [InlineData("depth", "over 32 deep")]
    [InlineData("names", "more than 1000 names")]
    [InlineData("names of attributes", "more than 1000 names")]
    public void What_would_cost_more_than_its_octets_is_refused_where_it_begins(string what, string reason)
    {
        var file = Heavy(what);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(
            reason, Assert.IsType<ReportUnreadable<DmarcReport>>(Dmarc(file)).Reason, StringComparison.Ordinal);
        // The file itself is copied once, into a buffer that doubles.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * file.Length + 8 * 1024 * 1024);
    }

    [Fact]
    public void A_hundred_attributes_and_a_comment_of_its_bound_are_taken()
    {
        var file = Bytes(Xml(
            $"<extra {Many(100, i => $"a{i}=\"\"")}/><!--{new string('x', 32 * 1024 - 100)}-->{Record}"));

        Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file));
    }

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("UTF-16", "utf-16")]
    [InlineData("utf-16", "utf-8")]   // It says so, and is not.
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("ISO-8859-15", "iso-8859-15")]
    [InlineData("windows-1251", "windows-1251", "Почта")]
    [InlineData("koi8-r", "koi8-r", "Почта")]
    [InlineData("Shift_JIS", "shift_jis", "日本")]
    [InlineData("gb18030", "gb18030", "邮件")]
    [InlineData("nobody-knows", "utf-8")]
    public void A_report_is_read_in_the_encoding_it_has(string declared, string encoding, string name = "L’Atelier é")
    {
        var written = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        if (encoding == "iso-8859-15") name = "Café €";
        var text = Xml(Record).Replace("UTF-8", declared, StringComparison.Ordinal)
            .Replace("google.com", name, StringComparison.Ordinal);

        byte[] marked = [.. written.GetPreamble(), .. written.GetBytes(text)];

        Assert.Equal(name, Assert.IsType<ReportRead<DmarcReport>>(Dmarc(written.GetBytes(text))).Report.Reporter);
        Assert.Equal(name, Assert.IsType<ReportRead<DmarcReport>>(Dmarc(marked)).Report.Reporter);
    }

    [Theory]
    [InlineData("A & B", "A & B")]
    [InlineData("A &amp; B &#66; &B;", "A & B B &B;")]
    [InlineData("<![CDATA[A & B]]>", "A & B")]
    [InlineData("A \u0091 B", "A \uFFFD B")]     // As Latin-1: no UTF-8.
    [InlineData("A \u0001 B", "A \uFFFD B")]
    public void An_octet_that_is_no_text_costs_a_letter_and_not_the_report(string written, string read)
    {
        var file = Encoding.Latin1.GetBytes(Xml(Record).Replace("google.com", written, StringComparison.Ordinal));

        var report = Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file)).Report;
        Assert.Equal((read, 1), (report.Reporter, report.Rows.Length));
    }

    [Fact]
    public void Over_the_bounds_it_is_refused_as_a_whole()
    {
        var file = Bytes(Xml(string.Concat(Enumerable.Repeat(Record, 11))));

        Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file, new() { RecordsMax = 11 }));
        Assert.Contains(
            "more than 10 records", Assert.IsType<ReportUnreadable<DmarcReport>>(Dmarc(file, new() { RecordsMax = 10 })).Reason,
            StringComparison.Ordinal);
        Assert.IsType<ReportUnreadable<DmarcReport>>(Dmarc(file, new() { CompressedMax = 1000 }));
    }

    [Fact]
    public void Damaged_files_are_results_too()
    {
        byte[][] files =
            [Bytes(Xml(Record + Rejected)), Gz(Bytes(Xml(Record))), Zip(("a.xml", Bytes(Xml(Record)))), Bytes(Tls),
            Gz(Bytes(Tls))];
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var file = files[seed % files.Length].ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) file[random.Next(file.Length)] = (byte)random.Next(256);

            Assert.NotNull(Dmarc(file));
            Assert.NotNull(TlsReportReader.Read(new MemoryStream(file)));
        }
    }

    [Fact]
    public void Deep_json_is_refused() =>
        Assert.IsType<ReportUnreadable<TlsReport>>(TlsReportReader.Read(new MemoryStream(Bytes(
            "{\"policies\":" + new string('[', 10_000)))));
}
