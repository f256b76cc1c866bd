using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping;

/// <summary>A value and where it stands: <c>providers.google.limits.rate (shipped)</c>.</summary>
public sealed record Explained<T>(T Value, string Origin);

public sealed partial record LaneLimits
{
    private const string BuiltIn = "built in";

    /// <summary>All layers, one over the other.</summary>
    private Limits Said { get; init; } = Limits.BuiltIn;

    /// <summary>Where each that is said stands, by its name.</summary>
    private ImmutableDictionary<string, string> Origins { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>A provider's, over all sources.</summary>
    public Explained<Rate>? TotalRate { get; private init; }

    public Explained<int>? TotalConnections { get; private init; }

    /// <summary>Each that has a value, by its name: the value as a file has it, and where it stands.</summary>
    public IReadOnlyDictionary<string, Explained<string>> Explain()
    {
        var all = Knobs.All.Where(knob => knob.IsSaid(Said)).ToDictionary(knob => knob.Name,
            knob => new Explained<string>(knob.Words(Said)!, Origins.GetValueOrDefault(knob.Name, BuiltIn)));
        if (TotalRate is { } rate) all.Add("total_rate", new(rate.Value.ToString(), rate.Origin));
        if (TotalConnections is { } most)
            all.Add("total_connections", new(most.Value.ToString(CultureInfo.InvariantCulture), most.Origin));
        return all;
    }

    /// <summary>The relay is no receiver: it is not asked how often it may be connected to.</summary>
    public LaneLimits WithoutRates() => this with { Said = Said with { Rate = null, ConnectionRate = null } };

    private readonly record struct Layer(string Path, Limits Limits);

    /// <summary>The most specific layer that says something decides, each value for itself.</summary>
    public static LaneLimits Of(ShapingRules rules, string source, string site)
    {
        var sender = rules.Sources.GetValueOrDefault(source);
        var provider = rules.Providers.FirstOrDefault(p => p.Name == site);
        var layers = Layers(rules, sender, provider, site).ToList();
        var said = layers.Aggregate(Limits.BuiltIn, (below, layer) => Knobs.Over(below, layer.Limits));
        var origins = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var knob in Knobs.All)
            if (layers.FindLast(layer => knob.IsSaid(layer.Limits)) is { Path: { } path })
                origins.Add(knob.Name, Origin(rules, $"{path}.{knob.Name}"));
        // A password goes to a smarthost: how it is encrypted is said there and nowhere else.
        if (site == Sites.Smarthost && sender?.Smarthost is { } smarthost)
        {
            said = said with { Tls = smarthost.Tls };
            origins["tls"] = Origin(rules, $"sources.{source}.smarthost.tls", $"sources.{source}.smarthost");
        }
        return new()
        {
            Said = said,
            Origins = origins.ToImmutable(),
            TotalRate = provider?.TotalRate is { } rate
                ? new(rate, Origin(rules, $"providers.{site}.total.rate")) : null,
            TotalConnections = provider?.TotalConnections is { } most
                ? new(most, Origin(rules, $"providers.{site}.total.connections")) : null,
        };
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

    /// <summary>The first of the paths that stands in a file; in rules made by hand none does.</summary>
    internal static string Origin(ShapingRules rules, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            if (rules.Origins.TryGetValue(path, out var origin)) return $"{path} ({origin})";
        return paths[0];
    }
}
