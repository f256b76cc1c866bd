using System.Collections.Immutable;
using System.IO.Compression;
using System.Net;
using System.Text;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Domains;
using AkkaMail.Server.Domains;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Domains;

/// <summary>Reports as they come to their address: whose they are, who sent them, what the sender is told.</summary>
public sealed class DomainReportsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Sunday = new(2026, 3, 1);
    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-").FullName;
    private ReportStore _store = null!;
    private DomainReports _reports = null!;
    private DomainRegister? _domains = Register(("a.test", "acme", true));

    public Task InitializeAsync()
    {
        _store = new(new SqliteDatabase(Path.Combine(_directory, "domain-reports.db")));
        _reports = new(_store, () => _domains, new FakeTimeProvider(Noon));
        return Task.CompletedTask;
    }

    private static DomainRegister Register(params (string Name, string Tenant, bool IsVerified)[] domains) =>
        new(domains.ToImmutableDictionary(d => d.Name, d => new RegisteredDomain(
            d.Tenant, SendingDomain.Of(d.Name), Noon,
            d.IsVerified ? DomainStanding.Verified : DomainStanding.Unverified, Noon, [])));

    private static byte[] Gz(string content)
    {
        using var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest)) gz.Write(Encoding.UTF8.GetBytes(content));
        return packed.ToArray();
    }

    private static string Dmarc(string domain = "a.test", string id = "1", string reporter = "google.com") => $"""
        <feedback><report_metadata><org_name>{reporter}</org_name><report_id>{id}</report_id>
        <date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>
        <policy_published><domain>{domain}</domain><p>none</p></policy_published><record><row>
        <source_ip>192.0.2.7</source_ip><count>12</count><policy_evaluated><disposition>none</disposition>
        <dkim>pass</dkim><spf>fail</spf></policy_evaluated></row></record></feedback>
        """;

    private static string Tls(params string[] domains) => $$"""
        {"organization-name": "Google Inc.", "report-id": "t1",
         "date-range": {"start-datetime": "2026-03-01T00:00:00Z", "end-datetime": "2026-03-01T23:59:59Z"},
         "policies": [{{string.Join(',', domains.Select(d => $$"""
         {"policy": {"policy-type": "sts", "policy-domain": "{{d}}"},
          "summary": {"total-successful-session-count": 5, "total-failure-session-count": 0} }
         """))}}]}
        """;

    private static byte[] Mail(params string[] reports) => Encoding.ASCII.GetBytes(
        "From: reports@google.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        + string.Concat(reports.Select(r =>
            $"--x\r\nContent-Type: application/{(r[0] == '{' ? "tlsrpt+gzip" : "gzip")}\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n"
            + $"{Convert.ToBase64String(Gz(r), Base64FormattingOptions.InsertLineBreaks)}\r\n"))
        + "--x--\r\n");

    private static InboundVerdict Sent(
        DkimResult dkim = DkimResult.Pass, string signer = "google.com", SpfResult spf = SpfResult.None) => new(
        new(IPAddress.Loopback, "mx.google.com", "x@google.com"), new(spf, "google.com", ""),
        [new(dkim, signer, "s", "rsa-sha256")], new(DmarcResult.Pass, "google.com", default), ArcResult.None);

    private async Task<string[]> Shown(string tenant, string domain) =>
        [.. (await _store.Dmarc(tenant, domain, Sunday, Sunday, 50, default)).SelectMany(d => d.Sources)
            .Select(s => $"{s.SourceIp} {s.Mails} {string.Join(',', s.Reporters)}")];

    [Fact]
    public async Task A_verified_report_is_taken_once_and_shown_as_the_domain_that_sent_it()
    {
        var mail = Mail(Dmarc(reporter: "Somebody Else"));

        var first = await _reports.TakeMailAsync(mail, Sent(), default);
        var again = await _reports.TakeMailAsync(mail, Sent(), default);

        var taken = Assert.IsType<ReportTaken>(Assert.Single(first.Reports)).Report;
        Assert.Equal((ReportKind.Dmarc, "a.test", "google.com", "1", 12),
            (taken.Kind, taken.Domain, taken.Reporter, taken.ReportId, taken.Count));
        Assert.IsType<ReportRepeated>(Assert.Single(again.Reports));
        Assert.Equal(["192.0.2.7 12 google.com"], await Shown("acme", "a.test"));
    }

    [Fact]
    public async Task What_was_uploaded_is_a_repeat_when_it_comes_by_mail()
    {
        await _reports.TakeAsync(ReportKind.Dmarc, Gz(Dmarc()), ReportOrigin.Upload("k"), "acme", default);

        var mailed = await _reports.TakeMailAsync(Mail(Dmarc()), Sent(), default);

        Assert.IsType<ReportRepeated>(Assert.Single(mailed.Reports));
        Assert.Equal(["192.0.2.7 12 google.com"], await Shown("acme", "a.test"));
    }

    [Fact]
    public async Task A_forged_sender_is_refused_and_a_silent_name_server_puts_it_off()
    {
        var forged = await _reports.TakeMailAsync(Mail(Dmarc()), Sent(DkimResult.Pass, "thief.test"), default);
        var silent = await _reports.TakeMailAsync(Mail(Dmarc()), Sent(DkimResult.TempError), default);

        Assert.Equal(ReportFault.Unverified, forged.Refusal?.Fault);
        Assert.Null(forged.PutOff);
        Assert.NotNull(silent.PutOff);
        Assert.Null(silent.Refusal);
        Assert.Empty(await Shown("acme", "a.test"));
    }

    [Fact]
    public async Task A_tls_report_needs_a_signature_where_spf_does_for_dmarc()
    {
        var bySpf = Sent(DkimResult.Fail, spf: SpfResult.Pass);

        var both = await _reports.TakeMailAsync(Mail(Dmarc(), Tls("bounce.a.test")), bySpf, default);
        var signed = await _reports.TakeMailAsync(Mail(Tls("bounce.a.test")), Sent(), default);

        Assert.IsType<ReportTaken>(both.Reports[0]);
        Assert.Equal(ReportFault.Unverified, Assert.IsType<ReportRefused>(both.Reports[1]).Fault);
        Assert.Null(both.Refusal);   // One of them was taken: nothing to send back.
        Assert.IsType<ReportTaken>(Assert.Single(signed.Reports));
    }

    [Fact]
    public async Task A_report_goes_to_who_has_proved_the_nearest_domain_and_not_to_who_only_claims_it()
    {
        _domains = Register(("a.test", "acme", true), ("x.a.test", "thief", false), ("y.a.test", "globex", true));
        foreach (var name in (string[])["x.a.test", "deep.y.a.test", "z.a.test"])
            Assert.IsType<ReportTaken>(Assert.Single(
                (await _reports.TakeMailAsync(Mail(Dmarc(name)), Sent(), default)).Reports));

        Assert.Equal(["192.0.2.7 24 google.com"], await Shown("acme", "a.test"));
        Assert.Equal(["192.0.2.7 12 google.com"], await Shown("globex", "y.a.test"));
        Assert.Empty(await Shown("thief", "x.a.test"));
    }

    [Theory]
    [InlineData("b.test"), InlineData("nota.test"), InlineData("test"), InlineData("")]
    public async Task A_domain_of_nobody_is_refused(string domain) => Assert.Equal(ReportFault.UnknownDomain,
        (await _reports.TakeMailAsync(Mail(Dmarc(domain)), Sent(), default)).Refusal?.Fault);

    [Fact]
    public async Task An_upload_counts_for_its_tenants_domains_only()
    {
        Task<ReportOutcome> Upload(string? tenant) =>
            _reports.TakeAsync(ReportKind.Dmarc, Gz(Dmarc()), ReportOrigin.Upload("k"), tenant, default);

        var foreign = await Upload("globex");
        var admins = await Upload(null);

        Assert.Equal(ReportFault.UnknownDomain, Assert.IsType<ReportRefused>(foreign).Fault);
        Assert.IsType<ReportTaken>(admins);
    }

    [Fact]
    public async Task Of_a_tls_report_each_owner_gets_its_part_and_with_a_strangers_it_is_refused()
    {
        _domains = Register(("a.test", "acme", true), ("b.test", "globex", true));

        var taken = await _reports.TakeMailAsync(
            Mail(Tls("bounce.a.test", "b.test", "bounce.b.test")), Sent(), default);
        var stranger = await _reports.TakeMailAsync(Mail(Tls("a.test", "c.test").Replace("t1", "t2")), Sent(), default);

        Assert.IsType<ReportTaken>(Assert.Single(taken.Reports));
        Assert.Equal(ReportFault.UnknownDomain, stranger.Refusal?.Fault);
        Assert.Equal((5, 10), (await Sessions("acme", "a.test"), await Sessions("globex", "b.test")));
    }

    private async Task<long> Sessions(string tenant, string domain) =>
        (await _store.Tls(tenant, domain, Sunday, Sunday, 9, default)).Single().Reporters.Single().Successful;

    [Fact]
    public async Task Before_the_domains_are_read_and_while_the_store_is_down_it_comes_again_later()
    {
        var known = _domains;
        _domains = null;
        Assert.NotNull((await _reports.TakeMailAsync(Mail(Dmarc()), Sent(), default)).PutOff);
        _domains = known;
        await _store.DisposeAsync();

        Assert.NotNull((await _reports.TakeMailAsync(Mail(Dmarc()), Sent(), default)).PutOff);
    }

    [Fact]
    public async Task A_mail_without_a_report_is_refused_with_its_reason() => Assert.Contains("no report",
        (await _reports.TakeMailAsync("From: a@google.com\r\n\r\nhello"u8.ToArray(), Sent(), default)).Refusal!.Reason,
        StringComparison.Ordinal);

    public async Task DisposeAsync()
    {
        _reports.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
