using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.Smtp.Tests.Authentication;

/// <summary>Records as people write them, right and wrong, in a real DNS server.</summary>
public sealed class SpfTests : IAsyncLifetime
{
    private Zone _zone = null!;
    private InboundAuthentication _authentication = null!;

    private static readonly (string Name, string Text)[] Records =
    [
        ("ip4", "v=spf1 ip4:192.0.2.0/24 -all"), ("ip6", "v=spf1 ip6:2001:db8::/32 -all"), ("soft", "v=spf1 ~all"),
        ("neutral", "v=spf1 ?all"), ("nothing", "v=spf1"), ("everybody", "V=SPF1 +ALL"), ("other", "v=spf10 +all"),
        ("a", "v=spf1 a -all"), ("a24", "v=spf1 a:host.test/24//64 -all"), ("mx", "v=spf1 mx -all"),
        ("include", "v=spf1 include:ip4.test -all"), ("include-none", "v=spf1 include:absent.test -all"),
        ("redirect", "v=spf1 redirect=ip4.test"), ("redirect-none", "v=spf1 redirect=absent.test"),
        ("redirect-after-all", "v=spf1 ?all redirect=ip4.test"),
            ("exists", "v=spf1 exists:%{ir}.%{l1r-}.list.test -all"),
        ("macro", "v=spf1 exists:%{d2}.%{o}.list.test -all"), ("bad-macro", "v=spf1 exists:%{z}.test -all"),
        ("helo", "v=spf1 exists:%{h}.list.test -all"), ("unknown-mechanism", "v=spf1 everyone -all"),
        ("unknown-modifier", "v=spf1 ra=50 ip4:192.0.2.1 -all"),
            ("late-error", "v=spf1 ip4:192.0.2.1 -all ip4:nonsense"),
        ("bad-cidr", "v=spf1 ip4:192.0.2.0/33 -all"), ("loop", "v=spf1 include:loop.test -all"),
        ("ten", "v=spf1 a a a a a a a a a a ip4:192.0.2.1 -all"),
            ("eleven", "v=spf1 a a a a a a a a a a a ip4:192.0.2.1 -all"),
        ("two-voids", "v=spf1 a:x1.test a:x2.test ip4:192.0.2.1 -all"),
        ("three-voids", "v=spf1 a:x1.test a:x2.test a:x3.test ip4:192.0.2.1 -all"), ("ptr", "v=spf1 ptr:out.test -all"),
        ("fault", "v=spf1 include:example.com -all"), ("two", "v=spf1 -all"), ("two", "v=spf1 +all"),
    ];

    public async Task InitializeAsync()
    {
        _zone = await Zone.StartAsync(
            Records.Select(r =>
                new Core.Domains.DnsRecord(
                Core.Domains.RecordPurpose.Spf, $"{r.Name}.test", Core.Domains.RecordType.Txt, r.Text, true)),
            "host-record=a.out.test,192.0.2.1", "host-record=a.test,192.0.2.1", "host-record=ten.test,203.0.113.1",
                "host-record=eleven.test,203.0.113.1",
            "host-record=host.test,192.0.2.200", "mx-host=mx.test,mail.mx.test,10",
            "host-record=mail.mx.test,192.0.2.1", "host-record=1.2.0.192.bob.list.test,127.0.0.2",
            "host-record=macro.test.macro.test.list.test,127.0.0.2", "host-record=me.test.list.test,127.0.0.2");
        _authentication =
            new(new() { Servers = [_zone.EndPoint], Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
    }

    public Task DisposeAsync() => _zone.DisposeAsync().AsTask();

    public static TheoryData<string, string, SpfResult> Cases => new()
    {
        { "u@ip4.test", "192.0.2.77", SpfResult.Pass }, { "u@ip4.test", "192.0.3.77", SpfResult.Fail },
        { "u@ip4.test", "::ffff:192.0.2.77", SpfResult.Pass },
        { "u@ip6.test", "2001:db8::7", SpfResult.Pass }, { "u@ip6.test", "2001:db9::7", SpfResult.Fail },
        { "u@ip6.test", "192.0.2.1", SpfResult.Fail }, { "u@soft.test", "192.0.2.1", SpfResult.SoftFail },
        { "u@neutral.test", "192.0.2.1", SpfResult.Neutral }, { "u@nothing.test", "192.0.2.1", SpfResult.Neutral },
        { "u@everybody.test", "192.0.2.1", SpfResult.Pass }, { "u@other.test", "192.0.2.1", SpfResult.None },
        { "u@absent.test", "192.0.2.1", SpfResult.None }, { "u@[192.0.2.1]", "192.0.2.1", SpfResult.None },
        { "u@a.test", "192.0.2.1", SpfResult.Pass }, { "u@a.test", "192.0.2.2", SpfResult.Fail },
        { "u@a24.test", "192.0.2.9", SpfResult.Pass }, { "u@mx.test", "192.0.2.1", SpfResult.Pass },
        { "u@include.test", "192.0.2.1", SpfResult.Pass }, { "u@include.test", "192.0.3.1", SpfResult.Fail },
        { "u@include-none.test", "192.0.2.1", SpfResult.PermError }, { "u@redirect.test", "192.0.2.1", SpfResult.Pass },
        { "u@redirect.test", "192.0.3.1", SpfResult.Fail },
            { "u@redirect-none.test", "192.0.2.1", SpfResult.PermError },
        { "u@redirect-after-all.test", "192.0.2.1", SpfResult.Neutral },
        { "bob-news@exists.test", "192.0.2.1", SpfResult.Pass },   // %{l1r-}: reversed, one label from the right.
        { "news-bob@exists.test", "192.0.2.1", SpfResult.Fail },
        { "bob@exists.test", "192.0.2.1", SpfResult.Pass }, { "eve@exists.test", "192.0.2.1", SpfResult.Fail },
        { "u@macro.test", "192.0.2.1", SpfResult.Pass }, { "u@bad-macro.test", "192.0.2.1", SpfResult.PermError },
        { "u@helo.test", "192.0.2.1", SpfResult.Pass },
            { "u@unknown-mechanism.test", "192.0.2.1", SpfResult.PermError },
        { "u@unknown-modifier.test", "192.0.2.1", SpfResult.Pass },
            { "u@late-error.test", "192.0.2.1", SpfResult.PermError },
        { "u@bad-cidr.test", "192.0.2.1", SpfResult.PermError }, { "u@loop.test", "192.0.2.1", SpfResult.PermError },
        { "u@ten.test", "192.0.2.1", SpfResult.Pass }, { "u@eleven.test", "192.0.2.1", SpfResult.PermError },
        { "u@two-voids.test", "192.0.2.1", SpfResult.Pass }, { "u@three-voids.test", "192.0.2.1", SpfResult.PermError },
        { "u@ptr.test", "192.0.2.1", SpfResult.Pass }, { "u@ptr.test", "192.0.2.2", SpfResult.Fail },
        { "u@two.test", "192.0.2.1", SpfResult.PermError }, { "u@fault.test", "192.0.2.1", SpfResult.TempError },
        { "", "192.0.2.1", SpfResult.None },   // A bounce: by HELO, which has no record.
    };

    [Fact]
    public async Task Each_record_says_what_rfc_7208_makes_of_it()
    {
        foreach (var row in Cases)
        {
            var (sender, address, expected) = ((string)row[0]!, (string)row[1]!, (SpfResult)row[2]!);
            var verdict = await _authentication.SpfAsync(new(IPAddress.Parse(address), "me.test", sender));

            Assert.Equal((sender, address, expected), (sender, address, verdict.Result));
        }
    }

    [Fact]
    public async Task Another_implementation_says_the_same()
    {
        // Errors are left out: it goes on where the RFC ends, after a term that cannot be read.
        var cases = Cases.Where(c =>
            ((string)c[0]!).Length > 0 && (SpfResult)c[2]! is SpfResult.Pass or SpfResult.Fail or SpfResult.SoftFail)
            .ToList();
        using var directory = new MailDirectory();
        foreach (var c in cases)
            directory.Add(
                "From: a@b.test\r\n\r\n"u8.ToArray(),
                new(IPAddress.Parse((string)c[1]!) is { IsIPv4MappedToIPv6: true } m
                ? m.MapToIPv4().ToString() : (string)c[1]!, "me.test", (string)c[0]!));

        var verdicts = await directory.MailauthAsync(_zone);

        Assert.Equal(cases.Select(c => ((string)c[0]!, c[2]!.ToString()!.ToLowerInvariant())),
            cases.Zip(verdicts, (c, v) => ((string)c[0]!, v.Spf)));
    }
}
