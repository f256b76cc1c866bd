using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Leases;

/// <summary>A receiver objects to one tenant: the others go on as they were.</summary>
public class ScopedLimitsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Reaction TenAMinute = new Reaction.LimitRate(new(10, TimeSpan.FromMinutes(1)));
    private readonly ScopedLimits _limits = new();

    [Fact]
    public void A_tenants_limit_slows_that_tenant_alone_while_it_holds()
    {
        var lease = Leased(TenAMinute, ReactionScope.Tenant, "shop", null);

        var begun = Enumerable.Range(0, 600).Count(s => Begins(lease, "shop", "broadcast", Noon.AddSeconds(s)));
        var after = Enumerable.Range(600, 60).Count(s => Begins(lease, "shop", "broadcast", Noon.AddSeconds(s)));
        var others = Enumerable.Range(0, 600).Count(s => Begins(lease, "bank", "broadcast", Noon.AddSeconds(s)));

        Assert.Equal((100, 60, 600), (begun, after, others));
    }

    [Fact]
    public void A_node_with_half_the_lane_has_half_of_a_streams_limit()
    {
        var lease = Leased(TenAMinute, ReactionScope.Stream, "shop", "news") with { Rate = 50 };

        var news = Enumerable.Range(0, 600).Count(s => Begins(lease, "shop", "news", Noon.AddSeconds(s)));
        var receipts = Enumerable.Range(0, 600).Count(s => Begins(lease, "shop", "receipts", Noon.AddSeconds(s)));

        Assert.Equal((50, 600), (news, receipts));
    }

    [Fact]
    public void A_tenants_connections_are_bounded_while_it_holds()
    {
        var lease = Leased(new Reaction.LimitConnections(2), ReactionScope.Tenant, "shop", null);

        var may = Enumerable.Range(0, 4).Select(n => _limits.MayBegin(lease, "shop", "news", _ => n, Noon));

        Assert.Equal([true, true, false, false], may);
        Assert.True(_limits.MayBegin(lease, "shop", "news", _ => 9, Noon.AddMinutes(10)));
    }

    private bool Begins(Lease lease, string tenant, string stream, DateTimeOffset now)
    {
        if (!_limits.MayBegin(lease, tenant, stream, _ => 0, now)) return false;
        _limits.Begin(lease, tenant, stream, now);
        return true;
    }

    private static Lease Leased(Reaction reaction, ReactionScope scope, string tenant, string? stream) => new(
        new LimitKey.Lane(new("ip1", "site")), 1, 100, 10, 10, Noon.AddHours(1), null, default,
        new(Noon, "v1", 100, 10, Pace.Free,
            [new(1, reaction, new(scope, tenant, stream), Noon, Noon.AddMinutes(10), "rule", "v1", null, null)],
            null, 80, Standing.Good, null));
}
