using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>The site of a domain: <paramref name="Provider"/> is its name too when a provider fits.</summary>
public sealed record SiteName(string Site, string? Provider, string Reason);

/// <summary>Which site a domain belongs to: the receiver as it counts us.</summary>
public static class Sites
{
    /// <summary>Sites of ours, which no domain and no provider may be called.</summary>
    public const string Smarthost = Shaping.Smarthost.Site;
    public const string Relay = "relay";

    private const int NameMax = 255;

    /// <summary>
    /// <paramref name="domain"/> in lower-case A-labels, <paramref name="mxHosts"/> all of its hosts, whatever their
    /// preference and order.
    /// </summary>
    public static SiteName Of(ShapingRules rules, string domain, IReadOnlyCollection<string> mxHosts) =>
        WithoutDns(rules, domain) ?? ByHosts(rules, domain, mxHosts);

    /// <summary>As DNS has it: lower case, A-labels (RFC 5890); null when it is no domain.</summary>
    public static string? DomainOf(string text) =>
        Rules.Names.Ascii(text) is { } ascii && Rules.Names.HostProblem(ascii) is null ? ascii : null;

    /// <summary>Null: the MX hosts decide.</summary>
    public static SiteName? WithoutDns(ShapingRules rules, string domain)
    {
        // Whatever its MX: the faults of a domain with an entry must not slow down those it shares hosts with.
        if (rules.Domains.ContainsKey(domain)) return new(domain, null, $"domains.{domain}");
        foreach (var provider in rules.Providers)
            foreach (var match in provider.Match)
                if (match.Kind == MatchKind.DomainSuffix && EndsWith(domain, match.Value))
                    return Of(provider, [match]);
        return null;
    }

    private static SiteName ByHosts(ShapingRules rules, string domain, IReadOnlyCollection<string> mxHosts)
    {
        string[] hosts = [.. mxHosts.Select(h => h.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];
        if (hosts.Length == 0) return new(Free(rules, domain), null, "it has no MX host");
        foreach (var provider in rules.Providers)
        {
            var fits = hosts.Select(host => provider.Match.FirstOrDefault(match => Fits(host, match))).ToList();
            if (!fits.Contains(null)) return Of(provider, fits!);
        }
        var reason = hosts.Length == 1 ? $"its MX host {hosts[0]}" : $"its {hosts.Length} MX hosts";
        return new(Free(rules, RollUp(hosts)), null, reason);
    }

    private static SiteName Of(Provider provider, IEnumerable<ProviderMatch> matches) =>
        new(provider.Name, provider.Name,
            $"providers.{provider.Name} {string.Join(", ", matches.Select(m => $"{m.Kind} {m.Value}").Distinct())}");

    private static bool Fits(string host, ProviderMatch match) => match.Kind switch
    {
        MatchKind.MXSuffix => EndsWith(host, match.Value),
        MatchKind.HostName => host == match.Value,
        _ => false,
    };

    /// <summary>At a label: <paramref name="suffix"/> begins with a dot, or gets one.</summary>
    private static bool EndsWith(string name, string suffix)
    {
        var bare = suffix.AsSpan(suffix.StartsWith('.') ? 1 : 0);
        return name.AsSpan().EndsWith(bare, StringComparison.Ordinal)
            && (name.Length == bare.Length || name[name.Length - bare.Length - 1] == '.');
    }

    /// <summary>
    /// <c>mx1+mx2.example.net</c>: the same hosts always give the same name, and it can be read. At least two labels
    /// must be shared, else the hosts stand there whole: what ends in .net has nothing in common.
    /// </summary>
    private static string RollUp(string[] hosts)
    {
        var shared = hosts.Length == 1 ? 0 : Shared([.. hosts.Select(h => h.Split('.'))]);
        var tail = string.Join('.', hosts[0].Split('.')[^shared..]);
        var name = hosts.Length == 1 ? hosts[0]
            : shared < 2 ? string.Join('+', hosts)
            : string.Join('+', hosts.Select(h => h[..^(tail.Length + 1)])) + "." + tail;
        var clean = string.Create(name.Length, name, static (to, from) =>
        {
            // DNS allows any octet in a label; a site's name ends up in paths and metrics.
            for (var i = 0; i < from.Length; i++) to[i] = IsPlain(from[i]) ? from[i] : '_';
        });
        if (clean.Length <= NameMax) return clean;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('+', hosts))))[..16];
        return $"{clean[..(NameMax - hash.Length - 1)]}~{hash}";
    }

    /// <summary>How many last labels all have, with one before them in each.</summary>
    private static int Shared(string[][] hosts)
    {
        var max = hosts.Min(h => h.Length) - 1;
        var shared = 0;
        while (shared < max && hosts.All(h => h[^(shared + 1)] == hosts[0][^(shared + 1)])) shared++;
        return shared;
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+';

    /// <summary>
    /// A domain called like a provider or a site of ours must not be counted as it: it keeps DNS's dot.
    /// </summary>
    private static string Free(ShapingRules rules, string site) =>
        site is Smarthost or Relay || rules.Providers.Any(p => p.Name == site) ? site + "." : site;
}
