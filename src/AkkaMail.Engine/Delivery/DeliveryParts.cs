using Akka.Actor;
using AkkaMail.Core.Delivery;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// What the shaping rules say, as this node has them now; each is asked anew, so that a reload takes effect at once.
/// <paramref name="Terms"/> also knows the limits that lanes share: a provider's total (<paramref name="SharedLimits"/>), a tenant's. <paramref name="OpensAt"/> is
/// when a stream's delivery window opens, null: it is open. <paramref name="IsMissing"/> says whether a source's address
/// has gone from the machine.
/// </summary>
public sealed record ShapingParts(
    ResolveSite ResolveSite, Func<string, string, Pool> PoolOf, Func<LaneKey, LaneTerms> Terms,
    Func<LaneKey, Route> RouteOf, Func<LaneKey, IReadOnlyList<LaneKey>> SharedLimits,
    Func<string, LaneKey?> TenantLimit,
    Func<string, string, DateTimeOffset, DateTimeOffset?> OpensAt, Func<string, bool> IsMissing,
    Func<Attempt, ReplyClass> Classify, double TransactionalReserve);

/// <summary>
/// What a node's delivery works with. <paramref name="Ledgers"/> takes <see cref="Messages.ToLedger"/>,
/// <paramref name="Governors"/> <see cref="Shaping.ToGovernor"/>.
/// </summary>
public sealed record DeliveryParts(
    Deliver Deliver, DeliverySettings Settings, string Node, Func<IActorRef> Ledgers, Func<IActorRef> Governors,
    ShapingParts Shaping, TimeProvider Time);
