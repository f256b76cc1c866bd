using AkkaMail.Core.Messages;

namespace AkkaMail.Core.Shaping;

/// <summary>What holds for a tenant's stream.</summary>
public static class StreamRules
{
    private static readonly StreamPolicy None = new(null, null);

    /// <summary>The first entry that fits decides, also over what it does not say.</summary>
    public static StreamPolicy PolicyOf(this ShapingRules rules, string tenant, string stream)
    {
        foreach (var policy in rules.Streams)
            if ((policy.Tenant ?? tenant) == tenant && (policy.Stream ?? stream) == stream) return policy;
        return None;
    }

    /// <summary>
    /// What the sender asks of this stream, then what suits the receiver; null: <c>AkkaMail:Retry</c> of the settings.
    /// </summary>
    public static RetrySchedule? RetryFor(this ShapingRules rules, string tenant, string stream, string site) =>
        rules.PolicyOf(tenant, stream).Retry
        ?? rules.Domains.GetValueOrDefault(site)?.Retry
        ?? rules.Providers.FirstOrDefault(p => p.Name == site)?.Retry
        ?? rules.Retry;

    /// <summary>
    /// The pool its entry names, else one dedicated to the stream, else one to the tenant, else everybody's.
    /// </summary>
    public static string PoolOf(this ShapingRules rules, string tenant, string stream)
    {
        if (rules.PolicyOf(tenant, stream).Pool is { } named) return named;
        var own = rules.Pools.Values.Where(p => p.Tenant == tenant && (p.Stream ?? stream) == stream)
            .OrderBy(p => p.Stream is null).ThenBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault();
        return own?.Name ?? Pool.DefaultName;
    }
}
