using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// What holds for a tenant's stream: the first entry that fits decides. A null <paramref name="Tenant"/> or
/// <paramref name="Stream"/> fits all.
/// </summary>
public sealed record StreamPolicy(string? Tenant, string? Stream)
{
    public string? Pool { get; init; }
    public RetryTerms? Retry { get; init; }

    /// <summary>Times in which it may be sent; empty: always.</summary>
    public ImmutableArray<DeliveryWindow> Windows { get; init; } = [];
}

/// <summary>
/// On <paramref name="Days"/>, from <paramref name="From"/> until <paramref name="To"/> (not included; before
/// <paramref name="From"/>: over midnight) by the clock of <paramref name="Zone"/>.
/// </summary>
public sealed record DeliveryWindow(
    ImmutableArray<DayOfWeek> Days, TimeOnly From, TimeOnly To, TimeZoneInfo Zone);

/// <summary>Bounds of one tenant over all lanes. Quotas are another thing: this is how fast, not how much.</summary>
public sealed record TenantEntry(string Name)
{
    public Rate? Rate { get; init; }
    public int? Connections { get; init; }
}
