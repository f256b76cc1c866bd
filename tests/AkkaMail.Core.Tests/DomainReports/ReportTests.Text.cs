using System.Diagnostics;
using System.Text;
using AkkaMail.Core.DomainReports;

namespace AkkaMail.Core.Tests.DomainReports;

/// <summary>What is no XML by a letter costs the letter: a reporter does not send its figures again.</summary>
public sealed partial class ReportTests
{
    [Theory]
    [InlineData("A&#0;B", "A\uFFFDB")]
    [InlineData("A&#11;B", "A\uFFFDB")]
    [InlineData("A&#x1F;&#31;B", "A\uFFFD\uFFFDB")]
    [InlineData("A&#xD800;&#xDFFF;&#55357;B", "A\uFFFD\uFFFD\uFFFDB")]     // Halves of a pair are no pair.
    [InlineData("A&#xFFFE;&#65535;B", "A\uFFFD\uFFFDB")]
    [InlineData("A&#x110000;&#9999999;B", "A\uFFFD\uFFFDB")]
    [InlineData("A&#x1F600;&#x10FFFF;&#9;B", "A\U0001F600\U0010FFFF\tB")]
    [InlineData("A&#99999999;&#x;&#;&#-1;B", "A&#99999999;&#x;&#;&#-1;B")]
    [InlineData("A]]>B", "A]]>B")]
    [InlineData("A]]]>>B]", "A]]]>>B]")]
    [InlineData("<![CDATA[A]]]]>B", "A]]")]     // Then comes a text of its own.
    [InlineData("<![CDATA[A&#0;]]>", "A&#0;")]
    public void A_reference_to_no_character_and_an_end_of_nothing_cost_a_letter(string written, string read)
    {
        var file = Bytes(Xml(Record).Replace("google.com", written, StringComparison.Ordinal));

        var report = Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file)).Report;
        Assert.Equal((read, 1), (report.Reporter, report.Rows.Length));
    }

    [Theory]
    [InlineData("\n", "utf-8")]
    [InlineData(" \t\r\n\r\n", "utf-8")]
    [InlineData("\n\n ", "windows-1252")]
    [InlineData("\r\n", "utf-16")]
    [InlineData("\n", "utf-16BE")]
    [InlineData("\n\n\n", "utf-16BE")]
    [InlineData(" \n", "utf-32")]
    public void Blanks_before_the_declaration_are_nothing(string blanks, string encoding)
    {
        var written = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        var text = blanks + Xml(Record).Replace("UTF-8", encoding, StringComparison.Ordinal)
            .Replace("google.com", "Café", StringComparison.Ordinal);

        byte[] marked = [.. written.GetPreamble(), .. written.GetBytes(text)];

        Assert.Equal("Café", Assert.IsType<ReportRead<DmarcReport>>(Dmarc(written.GetBytes(text))).Report.Reporter);
        Assert.Equal("Café", Assert.IsType<ReportRead<DmarcReport>>(Dmarc(marked)).Report.Reporter);
    }

    [Theory]
    [InlineData("&#0;")]
    [InlineData("]]>")]
    [InlineData("&#")]
    [InlineData("]")]
    public void A_million_of_them_cost_what_their_octets_cost(string one)
    {
        var many = string.Concat(Enumerable.Repeat(one, 6_000));
        var file = Bytes(Xml(string.Concat(Enumerable.Repeat($"<a>{many}</a>", 160)) + Record));
        var watch = Stopwatch.StartNew();

        Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file, new() { CompressedMax = 64 * 1024 * 1024 }));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_megabyte_of_blanks_is_skipped()
    {
        var file = Gz(Bytes(new string('\n', 1024 * 1024) + Xml(Record)));

        Assert.IsType<ReportRead<DmarcReport>>(Dmarc(file));
    }

    [Fact]
    public void Folders_and_what_macOS_adds_to_a_zip_are_no_reports()
    {
        var report = Bytes(Xml(Record + Rejected));

        Assert.IsType<ReportRead<DmarcReport>>(Dmarc(Zip(("reports/", []), ("reports/a.xml", report),
            ("__MACOSX/", []), ("__MACOSX/reports/._a.xml", [0, 5, 22, 7]), ("reports/._a.xml", [0, 5, 22, 7]))));
        Assert.Contains("2 reports", Assert.IsType<ReportUnreadable<DmarcReport>>(
            Dmarc(Zip(("a/a.xml", report), ("b/b.xml", report)))).Reason, StringComparison.Ordinal);
    }
}
