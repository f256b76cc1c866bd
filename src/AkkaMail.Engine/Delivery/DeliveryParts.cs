using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// The shaping rules as they are now: asked anew each time, so that a reload takes effect at once.
/// <paramref name="IsMissing"/> says whether a source's address has gone from this machine.
/// </summary>
public sealed record ShapingParts(Func<ShapingRules> Rules, ResolveSite ResolveSite, Func<string, bool> IsMissing)
{
    /// <summary>Takes down the site of a domain that this node sees for the first time, or that has moved.</summary>
    public NoteSite NoteSite { get; init; } = _ => { };

    /// <summary>Connections to the relay, which is no receiver and has no rates.</summary>
    public int RelayConnections { get; init; } = 100;

    public LaneTerms Terms(LimitKey limit) => limit is LimitKey.Lane { Key.Site: Sites.Relay }
        ? new(limit, null, RelayConnections, [], null, Rules().Version) : LaneTerms.Of(Rules(), limit);

    /// <summary>Where mail of this source for this site goes: to its smarthost, if it is one.</summary>
    public Route RouteOf(string source, string site)
    {
        var rules = Rules();
        var sender = rules.Sources.GetValueOrDefault(source) ?? new Source { Name = source };
        var way = sender.Smarthost is null ? site : Smarthost.Site;
        var limits = LaneLimits.Of(rules, source, way);
        return new(sender, way, way == Sites.Relay ? limits.WithoutRates() : limits)
        {
            Provider = SharedLimits.ProviderOf(rules, way)?.Name,
            Shaping = rules.Version,
        };
    }

    public Pool PoolOf(string tenant, string stream)
    {
        var rules = Rules();
        return rules.Pools.GetValueOrDefault(rules.PoolOf(tenant, stream)) ?? Pool.Default;
    }

    public DateTimeOffset? OpensAt(string tenant, string stream, DateTimeOffset now) =>
        DeliveryWindows.WindowOpensAt(Rules().PolicyOf(tenant, stream).Windows, now);
}

/// <summary>
/// What a node's delivery works with. <paramref name="Ledgers"/> takes <c>ToLedger</c>,
/// <paramref name="Governors"/> <c>ToGovernors</c>.
/// </summary>
public sealed record DeliveryParts(
    Deliver Deliver, DeliverySettings Settings, string Node, Func<IActorRef> Ledgers, Func<IActorRef> Governors,
    ShapingParts Shaping, TimeProvider Time)
{
    public EngineMetrics? Metrics { get; init; }

    /// <summary>Whether this node sees most of its cluster: else it is cut off, and begins nothing.</summary>
    public Func<bool> SeesMost { get; init; } = () => true;

    /// <summary>The nodes there are when a life of it begins; later ones are told.</summary>
    public Func<NodeNames> Names { get; init; } = () => NodeNames.None;

    /// <summary>The delivery of another node, by its <c>NodeName</c>; null: it is gone.</summary>
    public Func<string, ICanTell?> DeliveryOf { get; init; } = _ => null;

    /// <summary>The score of a tenant with all receivers together, 0 to 100.</summary>
    public Func<string, double> ReputationOf { get; init; } = _ => 100;
}
