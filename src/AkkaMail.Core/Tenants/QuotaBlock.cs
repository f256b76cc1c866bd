namespace AkkaMail.Core.Tenants;

/// <summary>What a node has in hand of a tenant's quota: granted and counted already, not used yet.</summary>
public sealed record QuotaBlock(Quota Quota, DateTimeOffset For, DateTimeOffset Until, long Left, bool IsLater)
{
    /// <summary>
    /// Whether it does for <paramref name="count"/> by the quota as it is now, and mail that may wait until
    /// <paramref name="latest"/>.
    /// </summary>
    public bool Has(Quota quota, long count, DateTimeOffset latest, DateTimeOffset now) =>
        Left >= count && now < Until && (!IsLater || For <= latest) && quota == Quota;

    /// <summary>The same grant, as one of them has it.</summary>
    public QuotaGranted Grant(long count, DateTimeOffset now) => new(For, Until, count, IsLater && For > now);
}
