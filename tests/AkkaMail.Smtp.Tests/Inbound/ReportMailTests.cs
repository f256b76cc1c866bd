using System.IO.Compression;
using System.Net;
using System.Text;
using AkkaMail.Core.DomainReports;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Inbound;
using CsCheck;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>Reports in mails as the large receivers write them, and as somebody who means harm would.</summary>
public sealed partial class ReportMailTests
{
    private const string Xml =
        "<?xml version=\"1.0\"?><feedback><report_metadata><org_name>x</org_name></report_metadata></feedback>";
    private const string Json = """{"organization-name": "Google Inc.", "policies": []}""";

    private static byte[] Gz(string content)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest)) gz.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static byte[] Zip(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open()) entry.Write(content);
        return packed.ToArray();
    }

    private static string Base64(byte[] file) => Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks);

    private static AttachedReports Read(string mail) =>
        ReportMailReader.Read(Encoding.Latin1.GetBytes(mail.ReplaceLineEndings("\r\n")));

    /// <summary>Google: the mail is the zip.</summary>
    private static string Google => $"""
        From: noreply-dmarc-support@google.com
        To: reports@engine.test
        Subject: Report domain: sender.test Submitter: google.com Report-ID: 5432167890123456789
        MIME-Version: 1.0
        Content-Type: application/zip;
        	name="google.com!sender.test!1772323200!1772409599.zip"
        Content-Disposition: attachment;
        	filename="google.com!sender.test!1772323200!1772409599.zip"
        Content-Transfer-Encoding: base64

        {Base64(Zip("google.com!sender.test!1772323200!1772409599.xml", Encoding.UTF8.GetBytes(Xml)))}
        """;

    /// <summary>Yahoo: words first, then the gz.</summary>
    private static string Yahoo => $"""
        From: Yahoo DMARC Support <noreply@dmarc.yahoo.com>
        Subject: Report Domain: sender.test Submitter: Yahoo Report-ID: <1772409599.123>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="----=_Part_1_2"

        ------=_Part_1_2
        Content-Type: text/plain; charset=us-ascii
        Content-Transfer-Encoding: 7bit

        This is an aggregate report from Yahoo.

        ------=_Part_1_2
        Content-Type: application/gzip
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename="yahoo.com!sender.test!1772323200!1772409599.xml.gz"

        {Base64(Gz(Xml))}
        ------=_Part_1_2--
        """;

    /// <summary>Microsoft: HTML and a picture before it, and the type of the gz is nothing in particular.</summary>
    private static string Microsoft => $"""
        From: DMARC Aggregate Report <dmarcreport@microsoft.com>
        Subject: =?utf-8?B?UmVwb3J0IERvbWFpbjogc2VuZGVyLnRlc3Q=?=
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="_mpm_1"

        --_mpm_1
        Content-Type: multipart/related; boundary="_rv_1"

        --_rv_1
        Content-Type: multipart/alternative; boundary="_alt_1"

        --_alt_1
        Content-Type: text/html; charset=us-ascii

        <div>This is a DMARC aggregate report from Microsoft Corporation.</div>
        --_alt_1--
        --_rv_1
        Content-Type: image/png
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --_rv_1--
        --_mpm_1
        Content-Type: application/octet-stream
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment;
         filename="enterprise.protection.outlook.com!sender.test!1772323200!1772409600.xml.gz"

        {Base64(Gz(Xml))}
        --_mpm_1--
        """;

    /// <summary>RFC 8460 §5.3, as Google sends it.</summary>
    private static string Tls => $"""
        From: noreply-smtp-tls-reporting@google.com
        TLS-Report-Domain: bounce.sender.test
        TLS-Report-Submitter: google.com
        Subject: Report Domain: bounce.sender.test Submitter: google.com Report-ID: <2026-03-01T00:00:00Z+bounce>
        MIME-Version: 1.0
        Content-Type: multipart/report; boundary="000000000000a"; report-type=tlsrpt

        --000000000000a
        Content-Type: text/plain; charset="UTF-8"

        This is an aggregate TLS report from google.com.
        --000000000000a
        Content-Type: application/tlsrpt+gzip; name="google.com!bounce.sender.test!1772323200!1772409599!001.json.gz"
        Content-Disposition: attachment; filename="google.com!bounce.sender.test!1772323200!1772409599!001.json.gz"
        Content-Transfer-Encoding: base64

        {Base64(Gz(Json))}
        --000000000000a--
        """;

    private static string AsGzip => Tls.Replace("application/tlsrpt+gzip", "application/gzip");

    public static TheoryData<string, string, ReportKind, byte[]> Samples => new()
    {
        { "Google", Google, ReportKind.Dmarc, Zip("a.xml", Encoding.UTF8.GetBytes(Xml)) },
        { "Yahoo", Yahoo, ReportKind.Dmarc, Gz(Xml) },
        { "Microsoft", Microsoft, ReportKind.Dmarc, Gz(Xml) },
        { "TLS", Tls, ReportKind.Tls, Gz(Json) },
        {
            "plain XML",
            $"Content-Type: text/xml\nContent-Transfer-Encoding: quoted-printable\n\n{Xml.Replace("=", "=3D")}",
            ReportKind.Dmarc, Encoding.UTF8.GetBytes(Xml)
        },
        {
            "plain JSON", $"Content-Type: application/tlsrpt+json\n\n{Json}", ReportKind.Tls,
            Encoding.UTF8.GetBytes(Json)
        },
        { "by its name", AsGzip.Replace("tlsrpt", "x"), ReportKind.Tls, Gz(Json) },
        { "by its frame", AsGzip.Replace(".json", ""), ReportKind.Tls, Gz(Json) },
    };

    [Theory, MemberData(nameof(Samples))]
    public void A_report_comes_out_as_it_was_attached(string from, string mail, ReportKind kind, byte[] file)
    {
        var read = Read(mail);

        Assert.True(read.Problem is null, $"{from}: {read.Problem}");
        var report = Assert.Single(read.Reports);
        Assert.Equal(kind, report.Kind);
        // What zip writes beside the content is the time.
        Assert.Equal(Unpacked(kind, file), Unpacked(kind, report.File.ToArray()));
    }

    /// <summary>Types and names as reporters have sent them; what is in the file is told by its first octets.</summary>
    [Theory]
    [InlineData("application/x-gzip-compressed", "r.xml.gz", "gz")]
    [InlineData("application/x-gunzip", "r.xml.gz", "gz")]
    [InlineData("application/gzip-compressed", "report", "gz")]
    [InlineData("text/plain", "r.xml.gz", "gz")]
    [InlineData("text/plain", "r.xml", "xml")]
    [InlineData("application/octet-stream", "report", "gz")]
    [InlineData("application/octet-stream", "", "xml")]
    [InlineData("application/x-compressed", "r.zip", "zip")]
    [InlineData("application/pdf", "r.pdf", "gz")]
    [InlineData("APPLICATION/OCTET-STREAM", "R.XML.GZ", "gz")]
    [InlineData("image/png", "r.xml.gz", "gz")]
    [InlineData("message/feedback", "", "xml")]
    [InlineData("application/x", "report.dat", "json", ReportKind.Tls)]
    [InlineData("text/plain", "", "json", ReportKind.Tls)]
    public void A_report_is_found_whatever_it_is_called(
        string type, string name, string form, ReportKind kind = ReportKind.Dmarc)
    {
        var file = form switch
        {
            "gz" => Gz(Xml),
            "zip" => Zip("r.xml", Encoding.UTF8.GetBytes(Xml)),
            "json" => Encoding.UTF8.GetBytes(Json),
            _ => Encoding.UTF8.GetBytes(Xml),
        };
        var read = Read($"""
            From: dmarc@mailfarm.test
            Content-Type: multipart/mixed; boundary=bb

            --bb
            Content-Type: text/html

            <?xml version="1.0"?><html>A report.</html>
            --bb
            Content-Type: {type}{(name.Length > 0 ? $"; name=\"{name}\"" : "")}
            Content-Transfer-Encoding: base64

            {Base64(file)}
            --bb--
            """);

        Assert.True(read.Problem is null, read.Problem);
        Assert.Equal((kind, file.Length), (Assert.Single(read.Reports).Kind, read.Reports[0].File.Length));
    }

    [Fact]
    public void The_mail_says_whose_TLS_report_it_brings() =>
        Assert.Equal(("bounce.sender.test", null), (Read(Tls).Domain, Read(Google).Domain));

    private static string Unpacked(ReportKind kind, byte[] file)
    {
        if (file[0] == 'P')
            return new StreamReader(new ZipArchive(new MemoryStream(file)).Entries[0].Open()).ReadToEnd();
        var text = file[0] == 0x1f
            ? new StreamReader(new GZipStream(new MemoryStream(file), CompressionMode.Decompress)).ReadToEnd()
            : Encoding.UTF8.GetString(file);
        Assert.StartsWith(kind == ReportKind.Tls ? "{" : "<", text, StringComparison.Ordinal);
        return text.TrimEnd();
    }

    private static string Parts(int count, string type = "application/gzip", string file = "H4sIAAAA") =>
        "From: a@thief.test\nContent-Type: multipart/mixed; boundary=x\n\n" + string.Concat(Enumerable.Repeat(
            $"--x\nContent-Type: {type}\nContent-Transfer-Encoding: base64\n\n{file}\n", count)) + "--x--\n";

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "nothing attached", "From: a@a.test\n\nhello", "no report" },
        { "empty", "", "no report" },
        { "another type", Parts(1, "application/pdf", "JVBERg=="), "no report" },
        { "a type that says nothing, and no name", Parts(1, "application/octet-stream", "iVBORw=="), "no report" },
        { "six", Parts(6), "more than 5 reports" },
        { "a hundred", Parts(100), "more than 5 reports" },
        { "ten thousand", Parts(10_000), "more than 5 reports" },
        { "ten thousand of nothing", Parts(10_000, "text/plain", "aGVsbG8="), "no report" },
        { "a mail in the mail", $"Content-Type: message/rfc822\n\n{Google}", "the mail within it is not looked into" },
        {
            "a mail that was forwarded",
            "Content-Type: multipart/mixed; boundary=f\n\n--f\n\nSee below.\n--f\nContent-Type: message/rfc822\n\n"
                + $"{Google}\n--f--\n",
            "the mail within it is not looked into"
        },
        {
            "parts in parts",
            string.Concat(Enumerable.Repeat("Content-Type: multipart/mixed; boundary=x\n\n--x\n", 5_000)), "no report"
        },
        { "no end of headers", string.Concat(Enumerable.Repeat("X: y\n", 200_000)), "no report" },
        { "17 MB", new string('x', ReportMailReader.BytesMax + 1), "more than 16 MB" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void What_brings_no_report_is_refused_with_its_reason(string what, string mail, string reason)
    {
        var read = Read(mail);

        Assert.True(read.Problem?.Contains(reason, StringComparison.Ordinal) == true, $"{what}: {read.Problem}");
        Assert.Empty(read.Reports);
    }

    [Fact]
    public void Five_reports_of_a_mail_are_the_most()
    {
        Assert.Equal(5, Read(Parts(5)).Reports.Length);
    }

    [Fact]
    public void A_mail_with_bytes_changed_or_cut_off_has_an_answer() =>
        Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 30])
            .Sample((which, share, changes) =>
            {
                var mail = Encoding.Latin1.GetBytes(((string[])[Google, Yahoo, Microsoft, Tls])[which]);
                foreach (var (at, value) in changes) mail[(int)(at * (mail.Length - 1))] = value;
                var read = ReportMailReader.Read(mail.AsMemory(0, Math.Max(1, (int)(mail.Length * share))));
                Assert.True(read.Problem is null == read.Reports.Length > 0);
                Assert.All(read.Reports, r => Assert.InRange(r.File.Length, 0, mail.Length));
            }, iter: 500);
}
