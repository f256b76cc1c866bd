using AkkaMail.Core.Tls;

namespace AkkaMail.Core.Tests.Tls;

/// <summary>What nodes counted of a day is one day: the installation's.</summary>
public sealed class TlsDayTests
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    private static StsPolicy Policy(string id) => new(StsMode.Enforce, ["mx.a.test"], TimeSpan.FromDays(7)) { Id = id };

    [Fact]
    public void Nodes_add_up_by_domain_and_policy_type_and_failures_by_result_and_host()
    {
        TlsDay one = new(Day,
        [
            new("a.test", null, 3, [new(TlsResult.StartTlsNotSupported, "mx.a.test", 2), new(TlsResult.ValidationFailure, null, 1)]),
            new("a.test", Policy("1"), 10, []),
            new("c.test", null, 1, []),
        ], Dropped: 4);
        TlsDay two = new(Day,
        [
            new("a.test", null, 5, [new(TlsResult.StartTlsNotSupported, "mx.a.test", 7), new(TlsResult.StartTlsNotSupported, "mx2.a.test", 1)]),
            new("a.test", Policy("2"), 20, []),
            new("b.test", null, 0, [new(TlsResult.ValidationFailure, null, 1)]),
        ], Dropped: 5);

        var sum = TlsDay.Sum(Day, [one, two]);

        Assert.Equal((Day, 9), (sum.Day, sum.Dropped));
        Assert.Equal(
            [("a.test", null, 8), ("a.test", "2", 30), ("b.test", null, 0), ("c.test", null, 1)],
            sum.Domains.Select(d => (d.Domain, d.Policy?.Id, d.Successful)));
        Assert.Equal(
        [
            new(TlsResult.StartTlsNotSupported, "mx.a.test", 9), new(TlsResult.StartTlsNotSupported, "mx2.a.test", 1),
            new TlsFailure(TlsResult.ValidationFailure, null, 1),
        ], sum.Domains[0].Failures.AsEnumerable());
    }

    [Fact]
    public void Of_no_node_it_is_empty() => Assert.Equal((0, 0L), (TlsDay.Sum(Day, []).Domains.Length, TlsDay.Sum(Day, []).Dropped));
}
