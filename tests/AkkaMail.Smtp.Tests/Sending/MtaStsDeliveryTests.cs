using System.Net;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.Smtp.Tls;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>The domains sts.test and sibling.test have the same host; only the first has a policy.</summary>
public sealed class MtaStsDeliveryTests(Dnsmasq dns) : IClassFixture<Dnsmasq>, IDisposable
{
    private readonly TestCa _ca = new();
    private readonly TlsReports _reports = new(TimeProvider.System);

    public void Dispose()
    {
        _ca.Dispose();
        _reports.Dispose();
    }

    private async Task<TestSink.TestSink> Host(string? certificateFor) => await TestSink.TestSink.StartAsync(new()
    {
        Address = IPAddress.Parse("127.0.0.71"),
        Certificate = certificateFor is null ? null : _ca.Issue(certificateFor),
    });

    private SmtpDelivery Delivery(int port, string to, string mode, string mx = "mx.sts.test")
    {
        var options = new SendingOptions { EhloName = "me.test", Port = port, TrustedRoots = _ca.Roots };
        var resolving = new ResolverOptions { Servers = [dns.EndPoint], Guard = Dnsmasq.Guard };
        var text = $"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400";
        var sts = new MtaSts(resolving, _ => Task.FromResult(new FetchedPolicy(text)), _reports, TimeProvider.System);
        var resolver = new MxResolver(resolving, TimeProvider.System, _ => 0);
        return new(options, (_, _, _) => new(Mail(to)), resolver, TimeProvider.System, sts, _reports);
    }

    private TlsDomain Counted(string domain)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return _reports.Snapshot(today).Domains.Single(d => d.Domain == domain);
    }

    [Fact]
    public async Task An_enforced_policy_is_kept_by_a_valid_certificate()
    {
        await using var host = await Host("mx.sts.test");
        await using var delivery = Delivery(host.Port, "u@sts.test", "enforce");

        var attempts = new[] { await delivery.Once(), await delivery.Once() };

        Assert.All(attempts, a => Assert.Equal((250, "TLSv1.3"), (a.Reply.Code, a.Tls)));
        var counted = Counted("sts.test");
        Assert.Equal(("sts", 1L, 0), (counted.PolicyType, counted.Successful, counted.Failures.Length));
    }

    public static TheoryData<string?, TlsResult, string> Faults => new()
    {
        { "other.test", TlsResult.CertificateHostMismatch, "TLS failed: the certificate is not for mx.sts.test" },
        { null, TlsResult.StartTlsNotSupported, "This route requires TLS, and the receiver has not offered STARTTLS" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_enforced_policy_that_is_broken_holds_its_domains_mail_and_nobody_elses(
        string? certificateFor, TlsResult result, string words)
    {
        await using var host = await Host(certificateFor);
        await using var delivery = Delivery(host.Port, "u@sts.test", "enforce");
        await using var other = Delivery(host.Port, "u@sibling.test", "enforce");

        var held = await delivery.Once();
        var sibling = await other.Once();

        Assert.Equal(SmtpReply.Ours($"{words} (the domain's MTA-STS policy is enforced)"), held.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.StartTls), (held.End, held.Step));
        Assert.Equal(250, sibling.Reply.Code);
        Assert.Equal(new TlsFailure(result, "mx.sts.test", 1), Assert.Single(Counted("sts.test").Failures));
        Assert.Equal("no-policy-found", Counted("sibling.test").PolicyType);
    }

    [Fact]
    public async Task A_kept_connection_of_a_sibling_is_not_used_for_enforced_mail()
    {
        await using var host = await Host("other.test");
        var to = "u@sibling.test";
        var options = new SendingOptions { EhloName = "me.test", Port = host.Port, TrustedRoots = _ca.Roots };
        var resolving = new ResolverOptions { Servers = [dns.EndPoint], Guard = Dnsmasq.Guard };
        var sts = new MtaSts(resolving,
            _ => Task.FromResult(new FetchedPolicy("version: STSv1\nmode: enforce\nmx: *.sts.test\nmax_age: 86400")),
            null, TimeProvider.System);
        await using var delivery = new SmtpDelivery(options, (_, _, _) => new(Mail(to)),
            new(resolving, TimeProvider.System, _ => 0), TimeProvider.System, sts);

        var sibling = await delivery.Once();
        to = "u@sts.test";
        var held = await delivery.Once();

        Assert.Equal((250, 0), (sibling.Reply.Code, held.Reply.Code));
    }

    [Fact]
    public async Task A_host_that_is_not_in_an_enforced_policy_is_not_asked()
    {
        await using var host = await Host("mx.sts.test");
        await using var delivery = Delivery(host.Port, "u@sts.test", "enforce", mx: "elsewhere.test");

        var attempt = await delivery.Once();

        Assert.Equal("None of the domain's MX hosts is in its MTA-STS policy, which is enforced", attempt.Reply.Text);
        Assert.Equal((0, 0, AttemptEnd.Answered), (attempt.Reply.Code, host.Connections, attempt.End));
        Assert.Equal(new(TlsResult.ValidationFailure, "mx.sts.test", 1), Assert.Single(Counted("sts.test").Failures));
    }

    [Theory]
    [InlineData("mx.sts.test", "elsewhere.test", TlsResult.ValidationFailure)]
    [InlineData("other.test", "mx.sts.test", TlsResult.CertificateHostMismatch)]
    [InlineData(null, "mx.sts.test", TlsResult.StartTlsNotSupported)]
    public async Task In_testing_the_mail_goes_and_the_fault_is_counted(
        string? certificateFor, string mx, TlsResult result)
    {
        await using var host = await Host(certificateFor);
        await using var delivery = Delivery(host.Port, "u@sts.test", "testing", mx);

        Assert.True((await delivery.Once()).Reply.IsAccepted);

        Assert.Equal(new(result, "mx.sts.test", 1), Assert.Single(Counted("sts.test").Failures));
    }

    [Fact]
    public async Task A_route_with_TLS_disabled_has_the_last_word()
    {
        await using var host = await Host("other.test");
        await using var delivery = Delivery(host.Port, "u@sts.test", "enforce");

        var attempt = await delivery.Once(Way with { Limits = Allowing(new() { Tls = TlsPolicy.Disabled }) });

        Assert.Equal((250, null), (attempt.Reply.Code, attempt.Tls));
    }
}
