using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

public sealed class DomainCheckTests
{
    private static readonly string P = new('A', 392);

    private static readonly SendingDomain Domain = SendingDomain.Of("example.com") with
    {
        Keys = [new("akkamail-r1", DkimAlgorithm.RsaSha256, P), new("akkamail-r2", DkimAlgorithm.RsaSha256, "QkJC"),
            new("akkamail-e1", DkimAlgorithm.Ed25519Sha256, "Q0ND"),
                new("akkamail-e2", DkimAlgorithm.Ed25519Sha256, "RERE")],
    };

    private static readonly InstallationFacts Facts =
        new(["ip4:192.0.2.7", "include:_spf.engine.net"], "mx.engine.net", "link.engine.net", "dmarc@engine.net")
        { TlsReports = "tls@engine.net", MtaSts = ("1", "sts.engine.net") };

    private static RecordCheck Judge(string name, RecordType type, params string[] values)
    {
        var record = DnsRecords.For(Domain, Facts).Single(r => r.Name == name && r.Type == type);
        return DomainCheck.Judge([record], [new(name, type, [.. values])]).Single();
    }

    [Fact]
    public void A_domain_has_these_records_and_no_others()
    {
        var records = DnsRecords.For(Domain, Facts);

        Assert.Equal(
        [
            $"akkamail-r1._domainkey.example.com TXT v=DKIM1; k=rsa; p={P} True",
            "akkamail-r2._domainkey.example.com TXT v=DKIM1; k=rsa; p=QkJC False",
            "akkamail-e1._domainkey.example.com TXT v=DKIM1; k=ed25519; p=Q0ND True",
            "akkamail-e2._domainkey.example.com TXT v=DKIM1; k=ed25519; p=RERE False",
            "bounce.example.com TXT v=spf1 ip4:192.0.2.7 include:_spf.engine.net ~all True",
            "bounce.example.com MX 10 mx.engine.net True",
            "_dmarc.example.com TXT v=DMARC1; p=none; rua=mailto:dmarc@engine.net True",
            "link.example.com CNAME link.engine.net False",
            "_mta-sts.bounce.example.com TXT v=STSv1; id=1; False",
            "mta-sts.bounce.example.com CNAME sts.engine.net False",
            "_smtp._tls.bounce.example.com TXT v=TLSRPTv1; rua=mailto:tls@engine.net False",
        ], records.Select(r => $"{r.Name} {r.Type.Name} {r.Value} {r.IsRequired}"));
    }

    [Fact]
    public void A_zone_file_has_long_texts_in_pieces_and_hosts_with_their_dot()
    {
        var lines = DnsRecords.ZoneFile(DnsRecords.For(Domain, Facts)).Split('\n');
        var value = $"v=DKIM1; k=rsa; p={P}";

        Assert.Equal(
            $"akkamail-r1._domainkey.example.com. 3600 IN TXT \"{value[..255]}\" \"{value[255..]}\"", lines[0]);
        Assert.Equal("bounce.example.com. 3600 IN MX 10 mx.engine.net.", lines[5]);
        Assert.Equal("a.b. 3600 IN TXT \"x\\\"y\\\\z\\195\\188\"",
            new DnsRecord(RecordPurpose.Dkim, "a.b", RecordType.Txt, "x\"y\\zü", true).ZoneLine);
    }

    [Fact]
    public void Exactly_what_was_to_be_published_is_found()
    {
        var records = DnsRecords.For(Domain, Facts);

        var checks = DomainCheck.Judge(
            records, [.. records.Select(r => new DnsAnswer(r.Name.ToUpperInvariant(), r.Type, [r.Value]))]);

        Assert.All(checks, c => Assert.Equal((RecordState.Found, null), (c.State, c.Advice)));
        Assert.True(DomainCheck.IsVerified(checks));
    }

    public static TheoryData<string, RecordType, string[], RecordState, string?> Answers => new()
    {
        { "akkamail-e1._domainkey.example.com", RecordType.Txt, [], RecordState.Missing, "Publish TXT" },
        { "akkamail-e1._domainkey.example.com", RecordType.Txt, ["v=DKIM1;p=Q0 ND ; k=ed25519;n=note"],
            RecordState.Found, null },
        { "akkamail-e1._domainkey.example.com", RecordType.Txt, ["v=DKIM1; p=Q0ND"], RecordState.Wrong, "k= is 'rsa'" },
        // Both tags have defaults.
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["p=QkJC"], RecordState.Found, null },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["v=DKIM1; p=QkJC; t=y:s"], RecordState.Found, "t=y" },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["p=QkJC; v=DKIM1"], RecordState.Wrong, "first tag" },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["v=DKIM1; p="], RecordState.Wrong, "revokes" },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["v=DKIM1; p=WFla"], RecordState.Wrong,
            "another key's" },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["v=DKIM1; h=sha1; p=QkJC"], RecordState.Wrong,
            "sha256" },
        { "akkamail-r2._domainkey.example.com", RecordType.Txt, ["p=QkJC", "p=QkJC"], RecordState.Wrong, "2 TXT" },
        { "akkamail-r1._domainkey.example.com", RecordType.Txt, [$"v=DKIM1; k=rsa; p={new string('A', 237)}"],
            RecordState.Wrong, "cut off" },
        { "bounce.example.com", RecordType.Txt,
            ["other", "V=SPF1 a +ip4:192.0.2.7/32 INCLUDE:_spf.engine.net mx -all"], RecordState.Found, null },
        { "bounce.example.com", RecordType.Txt, ["v=spf1 ip4:192.0.2.7 include:_SPF.engine.net. -all"],
            RecordState.Found, null },
        { "bounce.example.com", RecordType.Txt, ["v=spf1 include:_spf.google.com -all"], RecordState.Wrong,
            "v=spf1 ip4:192.0.2.7 include:_spf.engine.net include:_spf.google.com -all" },
        { "bounce.example.com", RecordType.Txt, ["v=spf1 -all ip4:192.0.2.7 include:_spf.engine.net"],
            RecordState.Wrong, "merge" },
        { "bounce.example.com", RecordType.Txt, ["v=spf1 a -all", "v=spf1 mx ~all"], RecordState.Wrong,
            "v=spf1 ip4:192.0.2.7 include:_spf.engine.net a mx -all" },
        { "bounce.example.com", RecordType.Txt, ["v=spf1 ip4:192.0.2.7 include:_spf.engine.net +all"],
            RecordState.Wrong, "everybody" },
        { "bounce.example.com", RecordType.Txt, ["v=spf10 a"], RecordState.Missing, "Publish" },
        { "_dmarc.example.com", RecordType.Txt, ["v=DMARC1; p=reject; rua=mailto:dmarc@engine.net,mailto:a@b.c"],
            RecordState.Found, null },
        { "_dmarc.example.com", RecordType.Txt, ["v=DMARC1; p=quarantine"], RecordState.Found,
            "Add mailto:dmarc@engine.net" },
        { "_dmarc.example.com", RecordType.Txt, ["v=DMARC1; p=maybe"], RecordState.Wrong, "p= must be" },
        { "_dmarc.example.com", RecordType.Txt, ["v=DMARC1; p=none", "v=DMARC1; p=none"], RecordState.Wrong,
            "count as none" },
        { "bounce.example.com", RecordType.Mx, ["5 MX.engine.net."], RecordState.Found, null },
        { "bounce.example.com", RecordType.Mx, ["5 mx.elsewhere.net."], RecordState.Wrong, "elsewhere" },
        { "bounce.example.com", RecordType.Mx, ["10 mx.engine.net.", "20 mx.elsewhere.net."], RecordState.Wrong,
            "Other hosts" },
        { "link.example.com", RecordType.Cname, ["Link.Engine.Net."], RecordState.Found, null },
        { "link.example.com", RecordType.Cname, ["x.net."], RecordState.Wrong, "leads to x.net." },
        { "_mta-sts.bounce.example.com", RecordType.Txt, ["v=STSv1; id=older;"], RecordState.Found, null },
    };

    [Theory, MemberData(nameof(Answers))]
    public void Each_record_is_judged_as_its_standard_reads_it(
        string name, RecordType type, string[] values, RecordState state, string? advice)
    {
        var check = Judge(name, type, values);

        Assert.Equal(state, check.State);
        Assert.Equal(values, check.Seen);
        if (advice is null) Assert.Null(check.Advice);
        else Assert.Contains(advice, check.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_name_server_proves_nothing()
    {
        var record = DnsRecords.For(Domain, Facts)[0];

        var check = DomainCheck.Judge([record], [new(record.Name, record.Type, [], "no answer")]).Single();

        Assert.Equal(RecordState.Unknown, check.State);
    }
}
