using System.Text;
using AkkaMail.Core.DomainReports;

namespace AkkaMail.Core.Tests.DomainReports;

/// <summary>TLS reports: RFC 8460.</summary>
public sealed partial class ReportTests
{
    private const string Tls = """
        {"organization-name": "Company-X", "report-id": "5065427c",
         "date-range": {"start-datetime": "2026-03-01T00:00:00Z", "end-datetime": "2026-03-01T23:59:59Z"},
         "contact-info": "sts@company-x.example", "policies": [{"policy": {"policy-type": "sts",
         "policy-string": ["version: STSv1", "mode: testing"], "policy-domain": "bounce.example.com",
         "mx-host": ["*.example.com"]},
         "summary": {"total-successful-session-count": 5326, "total-failure-session-count": 303},
         "failure-details": [{"result-type": "certificate-expired", "sending-mta-ip": "2001:db8:abcd:12::1",
         "receiving-mx-hostname": "mx1.example.com", "failed-session-count": 100},
         {"result-type": "starttls-not-supported",
         "sending-mta-ip": "2001:db8:abcd:13::1", "failed-session-count": 203, "failure-reason-code": "x"}]}]}
        """;

    [Fact]
    public void A_tls_report_is_sessions_by_source_and_day()
    {
        foreach (var file in (byte[][])[Bytes(Tls), Gz(Bytes(Tls))])
        {
            var report = Assert.IsType<ReportRead<TlsReport>>(TlsReportReader.Read(new MemoryStream(file))).Report;

            Assert.Equal(("Company-X", "5065427c", 303), (report.Reporter, report.ReportId, report.Policies[0].Failed));
            Assert.Equal(
            [
                new("bounce.example.com", "sts", "", "success", 5326),
                new("bounce.example.com", "sts", "mx1.example.com", "certificate-expired", 100),
                new("bounce.example.com", "sts", "", "starttls-not-supported", 203),
            ], report.PerHost().ToArray());
        }
    }

    [Fact]
    public void Failures_without_details_are_unspecified_and_a_strangers_words_stay_words()
    {
        var text = Tls.Replace("303", "310", StringComparison.Ordinal)
            .Replace("certificate-expired", "<b>success</b>", StringComparison.Ordinal)
            .Replace("mx1.example.com", "mx1 \\u001b[2J", StringComparison.Ordinal)
            .Replace("starttls-not-supported", "success", StringComparison.Ordinal);

        var report = Assert.IsType<ReportRead<TlsReport>>(TlsReportReader.Read(new MemoryStream(Bytes(text)))).Report;

        Assert.Equal([("", "success", 5326L), ("", "unspecified", 310L)],
            report.PerHost().Select(t => (t.MxHost, t.Result, t.Sessions)));
    }

    [Theory]
    [InlineData("", "no TLS report")]
    [InlineData("{}", "no TLS report")]
    [InlineData("[1]", "no TLS report")]
    [InlineData("""{"policies": [null]}""", "no TLS report")]
    [InlineData("""{"date-range": {}, "policies": [null]}""", "no TLS report")]
    [InlineData("""{"date-range": {}, "policies": [{"summary": {"total-successful-session-count": -1}}]}""",
        "out of range")]
    public void Other_json_is_refused(string text, string reason) =>
        Assert.Contains(
            reason, Assert.IsType<ReportUnreadable<TlsReport>>(TlsReportReader.Read(new MemoryStream(Bytes(text)))).Reason,
            StringComparison.Ordinal);

    [Fact]
    public void A_tls_report_of_far_more_objects_than_a_report_has_is_refused_before_they_are_made()
    {
        foreach (var one in (string[])["{},", "[],", "null,", "1,"])
        {
            var file = Bytes($"{{\"policies\":[{string.Concat(Enumerable.Repeat(one, 7_000_000))}{{}}]}}");
            var before = GC.GetAllocatedBytesForCurrentThread();

            var reading = TlsReportReader.Read(new MemoryStream(file));

            Assert.IsType<ReportUnreadable<TlsReport>>(reading);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 7L * file.Length);
        }
    }

    [Fact]
    public void A_policy_that_does_not_say_whose_it_is_is_that_of_the_mail_around_it()
    {
        var file = Bytes(Tls.Replace("\"policy-domain\"", "\"x\"", StringComparison.Ordinal));

        Assert.Contains("policy-domain", Assert.IsType<ReportUnreadable<TlsReport>>(
            TlsReportReader.Read(new MemoryStream(file))).Reason, StringComparison.Ordinal);
        Assert.Equal("a.test", Assert.IsType<ReportRead<TlsReport>>(
            TlsReportReader.Read(new MemoryStream(file), domain: "a.test")).Report.Policies[0].Domain);
    }

    [Fact]
    public void A_tls_report_is_read_in_any_Unicode_with_bad_octets_and_any_RFC_3339_time()
    {
        var text = Tls.Replace("Company-X", "Caf\u00e9", StringComparison.Ordinal)
            .Replace("23:59:59Z", "23:59:59.123456789+00:00", StringComparison.Ordinal);
        var utf16 = Encoding.Unicode;

        foreach (var (file, name) in new (byte[], string)[]
        {
            (Bytes(text), "Caf\u00e9"), ([.. Encoding.UTF8.GetPreamble(), .. Bytes(text)], "Caf\u00e9"),
            ([.. utf16.GetPreamble(), .. utf16.GetBytes(text)], "Caf\u00e9"), (utf16.GetBytes(text), "Caf\u00e9"),
            (Encoding.Latin1.GetBytes(text), "Caf\ufffd"),
        })
        {
            var report = Assert.IsType<ReportRead<TlsReport>>(TlsReportReader.Read(new MemoryStream(file))).Report;
            Assert.Equal((name, 23), (report.Reporter, report.End.Hour));
        }
    }
}
