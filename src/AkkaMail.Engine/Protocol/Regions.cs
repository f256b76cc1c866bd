using Akka.Actor;

namespace AkkaMail.Engine.Protocol;

/// <summary>The key of the shard region that takes <see cref="ToLedger"/>.</summary>
public sealed class Ledgers;

/// <summary>The key of the shard region that takes <see cref="ToGovernors"/> and <see cref="ToGovernor"/>.</summary>
public sealed class Governors;

/// <summary>The key of this node's delivery actor.</summary>
public sealed class NodeDelivery;

/// <summary>The key of the proxy of the cluster's one <c>AccountsActor</c>.</summary>
public sealed class AccountOrders;

/// <summary>The key of this node's <c>AccountsFollower</c>.</summary>
public sealed class AccountsNews;

/// <summary>The key of the proxy of the cluster's one <c>AlertsActor</c>.</summary>
public sealed class OpenAlertsOf;

/// <summary>The key of the shard region that takes <see cref="IToQuota"/>.</summary>
public sealed class Quotas;

/// <summary>The key of this node's <c>QuotaReturns</c>.</summary>
public sealed class QuotaReturning;

/// <summary>The key of the proxy of the cluster's one <c>DomainRounds</c>.</summary>
public sealed class DomainChecks;

/// <summary>The key of the proxy of the cluster's one <c>HousekeeperActor</c>.</summary>
public sealed class Housekeeping;

/// <summary>
/// The key of the proxy of the cluster's one <c>WakerActor</c>, which wakes the ledgers and knows whether all answer.
/// </summary>
public sealed class Waker;

/// <summary>The key of this node's <c>ReachActor</c>.</summary>
public sealed class Reach;
