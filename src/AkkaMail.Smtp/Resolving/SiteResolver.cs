using System.Collections.Immutable;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Smtp.Resolving;

/// <summary>
/// Finds the site of a domain from what <see cref="MxResolver"/> knows of it, by the rules that hold now.
/// </summary>
public sealed class SiteResolver(MxResolver resolver, Func<ShapingRules> rules, TimeProvider time)
{
    /// <summary>How long an answer holds that came from the rules alone.</summary>
    public static readonly TimeSpan WithoutDnsTtl = TimeSpan.FromMinutes(5);

    /// <summary>The <see cref="ResolveSite"/> of the engine.</summary>
    public async ValueTask<SiteAnswer> ResolveAsync(string domain, CancellationToken cancel)
    {
        domain = domain.ToLowerInvariant();
        var now = rules();
        if (Sites.WithoutDns(now, domain) is { } known)
            return new(domain, known.Site, known.Provider, known.Reason, [], time.GetUtcNow() + WithoutDnsTtl);

        var found = await resolver.ExchangesAsync(domain, cancel);
        // By name, so that the answer does not depend on the order DNS gave: equal sets are one site.
        ImmutableArray<string> hosts = [.. found.Hosts.Order(StringComparer.Ordinal)];
        var site = Sites.Of(now, domain, hosts);
        var reason = found.NoRoute is { } none ? $"it has no MX host: {none.Reply.Text}" : site.Reason;
        return new(domain, site.Site, site.Provider, reason, hosts, found.Until);
    }
}
