using AkkaMail.Core.Tenants;

namespace AkkaMail.Engine.Protocol;

/// <summary>To the one <c>QuotaActor</c> of a tenant, wherever it is.</summary>
public interface IToQuota { string Tenant { get; } }

/// <summary>
/// Room for <paramref name="Count"/> at <paramref name="At"/> (null: now), at the <paramref name="Latest"/> by then.
/// <paramref name="Rest"/> is what the node has left of its last block: it comes back first.
/// Answered with a <see cref="QuotaAnswer"/>, after it is stored, or with <see cref="QuotaUnavailable"/>.
/// </summary>
public sealed record TakeQuota(
    string Tenant, Quota Quota, long Count, DateTimeOffset? At, DateTimeOffset Latest, QuotaRest? Rest) : IToQuota;

/// <summary>Counted in the windows of <paramref name="For"/> and not used.</summary>
public sealed record QuotaRest(DateTimeOffset For, long Count);

/// <summary>Not answered: lost, it is only less that the tenant can send.</summary>
public sealed record ReturnQuota(string Tenant, QuotaRest Rest) : IToQuota;

/// <summary>Answered with <see cref="QuotaUsed"/>.</summary>
public sealed record ReadQuota(string Tenant) : IToQuota;

/// <summary>What is taken of the windows at <paramref name="At"/>, blocks in the nodes' hands included.</summary>
public sealed record QuotaUsed(DateTimeOffset At, long Minute, long Hour, long Day, long Month)
{
    public long Of(QuotaWindow window) => window switch
    {
        QuotaWindow.Minute => Minute,
        QuotaWindow.Hour => Hour,
        QuotaWindow.Day => Day,
        _ => Month,
    };
}

/// <summary>The journal failed: nothing was taken.</summary>
public sealed record QuotaUnavailable(string Reason);
