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
    public static RetryTerms? RetryFor(this ShapingRules rules, string tenant, string stream, string site) =>
        rules.RetryOf(tenant, stream, site)?.Value;

    /// <summary>The same with where it stands.</summary>
    public static Explained<RetryTerms>? RetryOf(this ShapingRules rules, string tenant, string stream, string site)
    {
        var policy = rules.PolicyOf(tenant, stream);
        if (policy.Retry is { } asked)
            return new(asked, LaneLimits.Origin(rules, $"streams[{rules.Streams.IndexOf(policy)}].retry"));
        if (rules.Domains.GetValueOrDefault(site)?.Retry is { } ofDomain)
            return new(ofDomain, LaneLimits.Origin(rules, $"domains.{site}.retry"));
        if (rules.Providers.FirstOrDefault(p => p.Name == site)?.Retry is { } ofProvider)
            return new(ofProvider, LaneLimits.Origin(rules, $"providers.{site}.retry"));
        return rules.Retry is { } usual ? new(usual, LaneLimits.Origin(rules, "defaults.retry")) : null;
    }

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
