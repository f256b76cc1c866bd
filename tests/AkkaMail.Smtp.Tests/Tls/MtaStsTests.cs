using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.Smtp.Tls;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Smtp.Tests.Tls;

public sealed class MtaStsTests : IDisposable
{
    private const string Domain = "example.org";

    private readonly TxtServer _dns = new() { Text = "v=STSv1; id=1;" };
    private readonly FakeTimeProvider _time = new(Mails.Noon);
    private readonly TlsReports _reports;
    private readonly MtaSts _sts;
    private FetchedPolicy _served = Policy("enforce");
    private int _fetches;

    public MtaStsTests()
    {
        _reports = new(_time);
        _sts = new(new() { Servers = [_dns.EndPoint], Retries = 0 }, async _ =>
        {
            Interlocked.Increment(ref _fetches);
            await Task.Delay(20);
            return _served;
        }, _reports, _time);
    }

    public void Dispose()
    {
        _dns.Dispose();
        _reports.Dispose();
    }

    private static FetchedPolicy Policy(string mode, int maxAge = 864_000) =>
        new($"version: STSv1\nmode: {mode}\nmx: mx.{Domain}\nmax_age: {maxAge}");

    private async Task<StsMode?> Mode() => (await _sts.PolicyAsync(Domain, default))?.Mode;

    [Fact]
    public async Task A_policy_is_fetched_once_however_many_ask()
    {
        var modes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Mode()));

        Assert.All(modes, mode => Assert.Equal(StsMode.Enforce, mode));
        Assert.Equal((1, 1), (_fetches, _dns.Queries));
    }

    [Fact]
    public async Task A_domain_without_a_record_has_no_policy_and_nothing_is_fetched()
    {
        _dns.Text = "v=spf1 -all";

        Assert.Null(await Mode());
        Assert.Null(await _sts.PolicyAsync("[192.0.2.1]", default));

        Assert.Equal((0, 1), (_fetches, _dns.Queries));
    }

    [Fact]
    public async Task A_new_id_brings_the_new_policy_and_the_same_id_does_not_ask_again()
    {
        await Mode();
        _served = Policy("testing");
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((StsMode.Enforce, 1), (await Mode(), _fetches));

        _dns.Text = "v=STSv1; id=2;";
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((StsMode.Testing, 2), (await Mode(), _fetches));
    }

    [Fact]
    public async Task A_refresh_that_fails_keeps_the_old_policy_until_it_ends()
    {
        await Mode();
        (_dns.Text, _served) = ("v=STSv1; id=2;", new(null, TlsResult.StsPolicyFetchError));

        _time.Advance(TimeSpan.FromDays(9.9));
        Assert.Equal((StsMode.Enforce, 2), (await Mode(), _fetches));
        _time.Advance(TimeSpan.FromDays(0.2));

        Assert.Null(await Mode());
        var day = _reports.Snapshot(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime));
        var failure = new TlsFailure(TlsResult.StsPolicyFetchError, null, 1);
        Assert.All(day.Domains, domain => Assert.Equal(failure, domain.Failures.Single()));
        Assert.Equal(["no-policy-found", "sts"], day.Domains.Select(d => d.PolicyType).Order());
    }

    [Fact]
    public async Task A_record_that_is_gone_or_a_fault_of_DNS_does_not_end_a_policy_and_mode_none_does()
    {
        await Mode();
        _dns.Text = null;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(StsMode.Enforce, await Mode());

        (_dns.Text, _served) = ("v=STSv1; id=3;", Policy("none"));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await Mode());
    }

    [Fact]
    public async Task A_policy_is_refreshed_before_it_ends()
    {
        await Mode();

        for (var day = 0; day < 20; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            Assert.Equal(StsMode.Enforce, await Mode());
        }

        Assert.Equal(21, _fetches);
    }

    [Fact]
    public async Task A_policy_that_makes_no_sense_is_none_and_not_fetched_again_at_once()
    {
        _served = new("<html>Welcome</html>");

        Assert.Null(await Mode());
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await Mode());

        Assert.Equal(1, _fetches);
        var domain = Assert.Single(_reports.Snapshot(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)).Domains);
        Assert.Equal(new(TlsResult.StsPolicyInvalid, null, 1), Assert.Single(domain.Failures));
    }
}
