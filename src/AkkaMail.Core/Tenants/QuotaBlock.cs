namespace AkkaMail.Core.Tenants;

/// <summary>What a node has in hand of a tenant's quota: granted and counted already, not used yet.</summary>
public sealed record QuotaBlock(Quota Quota, DateTimeOffset For, DateTimeOffset Until, long Left, bool IsLater)
{
    /// <summary>
    /// What the tenant had beside this block when it was granted, which others may have taken since; null: not known.
    /// </summary>
    public QuotaLeft? Beside { get; init; }

    /// <summary>What had no room when it was granted, so that it is later.</summary>
    public QuotaLeft? Full { get; init; }

    /// <summary>What <paramref name="granted"/> has beyond the <paramref name="count"/> that was asked for.</summary>
    public static QuotaBlock Of(Quota quota, QuotaGranted granted, long count) =>
        new(quota, granted.For, granted.Until, granted.Count - count, granted.IsLater)
        {
            Beside = granted.Left,
            Full = granted.Full,
        };

    /// <summary>
    /// Whether it does for <paramref name="count"/> by the quota as it is now, and mail that may wait until
    /// <paramref name="latest"/>.
    /// </summary>
    public bool Has(Quota quota, long count, DateTimeOffset latest, DateTimeOffset now) =>
        Left >= count && now < Until && (!IsLater || For <= latest) && quota == Quota;

    /// <summary>What the tenant may still have, in hand or not; null: not known.</summary>
    public QuotaLeft? LeftInAll => Beside is { } beside ? beside with { Count = beside.Count + Left } : null;

    /// <summary>The same grant, as one of them has it who has taken <paramref name="count"/>.</summary>
    public QuotaGranted Grant(long count, DateTimeOffset now)
    {
        var isLater = IsLater && For > now;
        return new(For, Until, count, isLater) { Left = LeftInAll, Full = isLater ? Full : null };
    }
}
