using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>A value and where it stands: <c>providers.google.limits.rate (shipped)</c>.</summary>
public sealed record Explained<T>(T Value, string Origin);

/// <summary>
/// What a lane may do, each value with the layer that decided it. A null rate is no bound of ours; the totals are a
/// provider's over all sources.
/// </summary>
public sealed record LaneLimits(
    Explained<Rate>? Rate, Explained<int> Connections, Explained<Rate>? ConnectionRate, Explained<int> MessagesPerConnection,
    Explained<TlsPolicy> Tls, Explained<Rate>? TotalRate, Explained<int>? TotalConnections)
{
    /// <summary>When no layer says anything, which the shipped defaults rule out.</summary>
    private const string BuiltIn = "built in";

    private readonly record struct Layer(string Path, Limits Limits);

    /// <summary>The most specific layer that says something decides, each value for itself.</summary>
    public static LaneLimits Of(ShapingRules rules, string source, string site)
    {
        var sender = rules.Sources.GetValueOrDefault(source);
        var provider = rules.Providers.FirstOrDefault(p => p.Name == site);
        var layers = Layers(rules, sender, provider, site).Reverse().ToImmutableArray();
        return new(
            Decide(rules, layers, l => l.Rate, "rate"),
            Decide(rules, layers, l => l.Connections, "connections") ?? new(10, BuiltIn),
            Decide(rules, layers, l => l.ConnectionRate, "connection_rate"),
            Decide(rules, layers, l => l.MessagesPerConnection, "messages_per_connection") ?? new(100, BuiltIn),
            OfSmarthost(rules, sender, site) ?? Decide(rules, layers, l => l.Tls, "tls")
                ?? new(TlsPolicy.Opportunistic, BuiltIn),
            provider?.TotalRate is { } rate ? new(rate, Origin(rules, $"providers.{site}.total.rate")) : null,
            provider?.TotalConnections is { } most
                ? new(most, Origin(rules, $"providers.{site}.total.connections")) : null);
    }

    /// <summary>From the least to the most specific.</summary>
    private static IEnumerable<Layer> Layers(ShapingRules rules, Source? source, Provider? provider, string site)
    {
        yield return new("defaults", rules.Defaults);
        if (provider is not null) yield return new($"providers.{site}.limits", provider.Limits);
        if (rules.Domains.TryGetValue(site, out var domain)) yield return new($"domains.{site}.limits", domain.Limits);
        if (source is null) yield break;
        var path = $"sources.{source.Name}";
        yield return new($"{path}.limits", source.Limits);
        if (provider is not null && source.Providers.TryGetValue(site, out var byProvider))
            yield return new($"{path}.providers.{site}", byProvider);
        if (source.Domains.TryGetValue(site, out var byDomain)) yield return new($"{path}.domains.{site}", byDomain);
    }

    /// <summary>A password goes to a smarthost: how it is encrypted is said there and nowhere else.</summary>
    private static Explained<TlsPolicy>? OfSmarthost(ShapingRules rules, Source? source, string site) =>
        site == Sites.Smarthost && source?.Smarthost is { } smarthost
            ? new(smarthost.Tls, Origin(
                rules, $"sources.{source.Name}.smarthost.tls", $"sources.{source.Name}.smarthost"))
            : null;

    private static Explained<T>? Decide<T>(
        ShapingRules rules, ImmutableArray<Layer> layers, Func<Limits, T?> of, string name) where T : class
    {
        foreach (var layer in layers)
            if (of(layer.Limits) is { } value) return new(value, Origin(rules, $"{layer.Path}.{name}"));
        return null;
    }

    private static Explained<T>? Decide<T>(
        ShapingRules rules, ImmutableArray<Layer> layers, Func<Limits, T?> of, string name) where T : struct
    {
        foreach (var layer in layers)
            if (of(layer.Limits) is { } value) return new(value, Origin(rules, $"{layer.Path}.{name}"));
        return null;
    }

    /// <summary>The first of the paths that stands in a file; in rules made by hand none does.</summary>
    internal static string Origin(ShapingRules rules, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            if (rules.Origins.TryGetValue(path, out var origin)) return $"{path} ({origin})";
        return paths[0];
    }
}
