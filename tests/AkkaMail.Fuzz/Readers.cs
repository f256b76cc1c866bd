using System.IO.Compression;
using System.Text;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Hygiene;
using AkkaMail.Server.Lists;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Inbound;
using AkkaMail.Smtp.Mime;

namespace AkkaMail.Fuzz;

/// <summary>Every reader of what strangers and other products write.</summary>
internal static class Readers
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly List<byte[]> Mails =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "mail")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly string[] MailWords =
    [
        "\r\n", "\r\n\r\n", "--", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n", "Content-Type: message/rfc822\r\n\r\n",
        "Received: x\r\n", "From: a@b.test, ", "To: (((((", "=?utf-8?q?=0D=0A?= ", "; a*0*=x", "<", ">", "@", "\"", "\0", "\r", "é",
        "Content-Transfer-Encoding: base64\r\n", "Final-Recipient: utf-8; \\x{EB}@b.test\r\n", "X-AkkaMail-Tags: a,",
        "message/delivery-status", "charset=x-unknown", "{{", "}}", ": ", "filename*=utf-8''%",
    ];

    private static readonly string[] XmlWords =
    [
        "<record>", "</record>", "<a>", "<", ">", "&", "&amp;", "&#x0;", "&#xD800;", "&#9999999;", "&#", "\n", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE a>", " a=\"b\"",
        " xmlns:a=\"b\"", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "encoding=\"windows-1252\"", "\0", "é", "99999999999999999999", "\"",
    ];

    private static readonly string[] JsonWords =
    [
        "{", "}", "[", "]", "{},", "[],", ",", ":", "null", "true", "1e999", "-0", "\"", "\\u0000", "\\ud800", "\"a\":1,", "\"to\":", "é",
        "{{a}}", "{{", "99999999999999999999", "\"2026-05-01T12:00:60Z\"", " ",
    ];

    private static readonly byte[] Dmarc = Text("""
        <?xml version="1.0" encoding="UTF-8"?><feedback xmlns="http://dmarc.org/dmarc-xml/0.1"><version>1.0</version><report_metadata>
        <org_name>Café &amp; Söhne</org_name><email>a@far.test</email><report_id>42</report_id>
        <date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>
        <policy_published><domain>a.test</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.7</source_ip>
        <count>12</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
        <identifiers><header_from>a.test</header_from></identifiers><auth_results><dkim><domain>a.test</domain><selector>s</selector>
        <result>pass</result></dkim><spf><domain>b.a.test</domain><result>fail</result></spf></auth_results></record></feedback>
        """);

    private static readonly byte[] Tls = Text("""
        {"organization-name": "X", "report-id": "5065427c", "date-range": {"start-datetime": "2026-03-01T00:00:00Z",
         "end-datetime": "2026-03-01T23:59:59Z"}, "policies": [{"policy": {"policy-type": "sts", "policy-domain": "b.a.test"},
         "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303}, "failure-details": [
         {"result-type": "certificate-expired", "sending-mta-ip": "2001:db8::1", "failed-session-count": 100}]}]}
        """);

    private static readonly byte[] Submission = Text("""
        {"from": "Shop <shop@a.test>", "to": ["Ann <ann@b.test>", {"email": "bob@b.test", "name": "Bob"}], "subject": "Hi {{name}}",
         "text": "Hello {{name}}", "html": "<p>Hello {{name}}</p>", "tags": ["a"], "headers": {"X-A": "b"}, "variables": {"name": "Ann"},
         "attachments": [{"filename": "a.txt", "content": "aGVsbG8=", "content_type": "text/plain"}], "send_at": "2026-03-01T13:00:00Z"}
        """);

    private static readonly byte[] Personal = Text("""
        {"from": "shop@a.test", "subject": "Hi", "text": "Hello {{name}}", "stream": "broadcast", "expires_at": "2026-03-02T12:00:00.123456789Z",
         "personalizations": [{"to": ["ann@b.test"], "variables": {"name": "Ann"}}, {"to": ["bob@b.test"], "cc": ["c@b.test"], "variables": {"name": "Bob"}}]}
        """);

    private static readonly byte[] Lists1 = Text("address,note,expires_at\nann@a.test,\"said \"\"no\"\", twice\",2026-05-01T12:00:00Z\n");

    private static readonly byte[] Lists2 = Text("sep=;\r\nName;Email Address;UNSUB_TIME\r\n\"Ann; B\";ann@a.test;2025-12-01 10:00:00\r\n\r\n");

    public static IReadOnlyList<Reader> All { get; } =
    [
        Reader.Of("api", [Submission, Personal], JsonWords, ReadRequest),
        Reader.Of("shaping", [Text("""{"sources": {"a": {"address": "192.0.2.1"}}, "pools": {"p": ["a"]}, "defaults": {"rate": "10/s"}}""")],
            JsonWords, octets => ShapingReader.Read(octets, "shaping.json")),
        Reader.Of("bounces", [Text("""{"rules": [{"id": "a", "match": {"text": "user * unknown"}, "reason": "unknown_user"}]}""")],
            JsonWords, octets => BounceRulesReader.Read(octets, "bounces.json")),
        Reader.Of("submitted", Mails, MailWords, octets => SubmittedMail.Read(octets, "Received: x\r\n", isSmtpUtf8: true)),
        Reader.Of("bounce", Mails, MailWords, octets => BounceMails.Parse(BounceMailReader.Read(octets), BounceRulesReader.Shipped)),
        Reader.Of("reports", [Mailed("application/gzip", "r.xml.gz", Gzip(Dmarc)), Mailed("text/plain", "r.json", Tls), .. Mails.Take(3)],
            MailWords, ReadReports),
        new("list", [Lists1, Lists2, Encoding.Unicode.GetBytes("\uFEFFemail\nann@a.test\n")],
            [",", ";", "\t", "\"", "\"\"", "\r", "\n", "\r\n", "sep=;\n", "@", "a@b.test,", "\uFEFF", "\0", "é", " "], ReadList),
        Reader.Of("xml", [Dmarc], XmlWords, ReadDmarc),
        Reader.Of("xml_gzip", [Dmarc], XmlWords, ReadDmarc) with { Wrap = Gzip },
        Reader.Of("xml_zip", [Dmarc], XmlWords, ReadDmarc) with { Wrap = Zip },
        Reader.Of("gzip", [Gzip(Dmarc), Gzip(new byte[1_000_000])], ["\u001f\u008b", "\0", "é"], ReadDmarc),
        Reader.Of("zip", [Zip(Dmarc), Zip(new byte[1_000_000])], ["PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "\0", "é"], ReadDmarc),
        Reader.Of("tls_json", [Tls], JsonWords, ReadTls),
        Reader.Of("dns", [Text("v=spf1 a:%{d2r.-} mx/24//64 ip6:2001:db8::/32 include:x.test exists:%{ir}.%{l1r-}.y.test redirect=z.test"),
                Text("version: STSv1\r\nmode: enforce\r\nmx: *.a.test\r\nmax_age: 86400\r\n"), Text("v=STSv1; id=20260301;")],
            [" ", "%{", "}", "%{l99r+}", "/", "//", ":", "=", "\n", "mx: ", ";", "é", "ip4:", ".", "%"], ReadRecords),
        Reader.Of("texts", [Text("Ann <ann@a.test>"), Text("\"a b\"@bücher.test"), Text("2026-05-01T23:59:60.123456789+02:00"), Text("550 5.1.1 User unknown")],
            ["@", "<", ">", "\"", "\\", ".", "é", "-", ":", "Z", "0", "\u200b", " ", "5.1.1 "], ReadTexts),
        SmtpReaders.Server,
        SmtpReaders.Client,
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Gzip(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(octets);
        return packed.ToArray();
    }

    private static byte[] Zip(byte[] octets)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("r.xml", CompressionLevel.Fastest).Open()) entry.Write(octets);
        return packed.ToArray();
    }

    private static byte[] Mailed(string type, string name, byte[] file) => Text(
        $"From: a@far.test\r\nSubject: Report\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\nContent-Type: text/plain\r\n\r\n"
        + $"A report.\r\n--bb\r\nContent-Type: {type}; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + $"{Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks)}\r\n--bb--\r\n");

    private static void ReadRequest(byte[] octets)
    {
        var body = RequestReader.WithoutMark(octets);
        if (RequestReader.Read(body.Span, SendJson.Default.SendRequest, SendBounds.Default) is BodyRead<SendRequest>.Done done)
            SendValidation.Validate(done.Value, body, Now, SendLimits.Default);
    }

    private static void ReadReports(byte[] octets)
    {
        foreach (var report in ReportMailReader.Read(octets).Reports)
            if (report.Kind == ReportKind.Dmarc) ReadDmarc(report.File.ToArray());
            else ReadTls(report.File.ToArray());
    }

    private static void ReadDmarc(byte[] octets)
    {
        if (DmarcReportReader.Read(new MemoryStream(octets)) is ReportRead<DmarcReport>(var report)) report.PerSourceAndDay();
    }

    private static void ReadTls(byte[] octets)
    {
        if (TlsReportReader.Read(new MemoryStream(octets), domain: "a.test") is ReportRead<TlsReport>(var report)) report.PerHost();
    }

    private static async Task ReadList(byte[] octets)
    {
        using var list = new MemoryStream(octets);
        try
        {
            if (await AddressList.Problem(list, CancellationToken.None) is null)
                await foreach (var _ in AddressList.Read(list, isPlain: false, CancellationToken.None)) { }
            list.Position = 0;
            var form = await ListForm.OfAsync(list, CancellationToken.None);
            using var text = form.Open(list);
            SuppressionRows? lines = null;
            foreach (var row in new ListRows(text, form.Delimiter).Read(CancellationToken.None))
                if (lines is null) lines = new(ListColumns.Of(form.Sample()));
                else lines.Read(row, new FieldErrors());
        }
        catch (ListException) { }
    }

    private static void ReadRecords(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        StsPolicy.TryParse(text, out _, out _);
        StsPolicy.ReadId([text]);
        if (SpfTerms.Parse(text) is not { } terms) return;
        foreach (var spec in terms.Mechanisms.Select(m => m.Domain).Append(terms.Redirect).OfType<string>().Take(20))
            SpfMacros.Expand(spec, System.Net.IPAddress.IPv6Loopback, "strange.name@a.test", "helo", "a.test", "unknown");
    }

    private static void ReadTexts(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        Mailbox.TryParse(text, out _, out _);
        Rfc3339.TryParse(text, out _);
        BounceRulesReader.Shipped.Classify(text);
    }
}
