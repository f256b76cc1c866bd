using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Tls;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Smtp.Tests.Tls;

public sealed class TlsReportsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Mails.Noon);
    private readonly TlsReports _reports;

    public TlsReportsTests() => _reports = new(_time);

    public void Dispose() => _reports.Dispose();

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    [Fact]
    public void Days_are_told_apart_and_those_older_than_two_forgotten()
    {
        var first = Today;
        _reports.Count("A.test", null, TlsResult.Successful, "mx.a.test");
        _reports.Count("a.test", null, TlsResult.StartTlsNotSupported, "mx.a.test");

        var domain = Assert.Single(_reports.Snapshot(first).Domains);
        Assert.Equal(("a.test", 1L, 1), (domain.Domain, domain.Successful, domain.Failures.Length));
        for (var day = 1; day <= 3; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            _reports.Count("b.test", null, TlsResult.Successful, "mx.b.test");
            Assert.Equal(day < 3 ? 1 : 0, _reports.Snapshot(first).Domains.Length);
        }

        Assert.Equal("b.test", _reports.Snapshot(Today).Domains.Single().Domain);
    }

    [Fact]
    public void Domains_beyond_the_bound_are_only_counted()
    {
        for (var i = 0; i < TlsReports.DomainsMax + 5; i++)
            _reports.Count($"d{i}.test", null, TlsResult.Successful, "mx");

        var day = _reports.Snapshot(Today);

        Assert.Equal((TlsReports.DomainsMax, 5L), (day.Domains.Length, day.Dropped));
    }

    [Fact]
    public void Hosts_beyond_the_bound_are_counted_without_their_name()
    {
        for (var i = 0; i < 60; i++) _reports.Count("a.test", null, TlsResult.ValidationFailure, $"mx{i}");

        var failures = _reports.Snapshot(Today).Domains.Single().Failures;

        Assert.Equal((51, 60L), (failures.Length, failures.Sum(f => f.Count)));
        Assert.Equal(10, failures.Single(f => f.MxHost is null).Count);
    }
}
