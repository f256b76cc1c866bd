using System.Collections.Immutable;
using System.Globalization;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>Lays a file over the shipped defaults.</summary>
internal static class Merge
{
    public static ShapingRules Of(Draft shipped, Draft file, string hash)
    {
        var below = file.Shipped ? shipped : shipped with { Providers = [], Rules = [], Plans = [] };
        var sources = file.Sources.IsEmpty ? [new Source { Name = Source.DefaultName }] : file.Sources;
        return new(file.Version is { } own ? $"{own}+{hash}" : hash)
        {
            Defaults = Knobs.Over(shipped.Defaults, file.Defaults),
            Retry = file.Retry ?? shipped.Retry,
            TransactionalReserve =
                file.TransactionalReserve ?? shipped.TransactionalReserve ?? ShapingRules.BuiltInReserve,
            Providers = Providers(below, file),
            Domains = Domains(file),
            Sources = Distinct(sources, s => s.Name),
            Pools = Distinct(Pools(file, sources), p => p.Name),
            Tenants = Distinct(file.Tenants, t => t.Name),
            Streams = file.Streams,
            WarmUpPlans = Distinct([.. file.Plans, .. below.Plans], p => p.Name),
            Rules = [.. file.Rules, .. below.Rules.ExceptBy(file.Rules.Select(r => r.Id), r => r.Id)],
            Origins = Origins(below, file),
        };
    }

    private static ImmutableArray<Provider> Providers(Draft below, Draft file)
    {
        var shipped = below.Providers.ToDictionary(p => p.Name);
        var own = file.Providers.Select(p => p.Match.IsEmpty && shipped.TryGetValue(p.Name, out var same)
            ? p with { Match = same.Match } : p);
        return [.. own, .. below.Providers.ExceptBy(file.Providers.Select(p => p.Name), p => p.Name)];
    }

    /// <summary>A domain that only a source names is a site of its own too: else its limits would never hold.</summary>
    private static ImmutableDictionary<string, DomainEntry> Domains(Draft file)
    {
        var domains = file.Domains.ToDictionary(d => d.Name);
        foreach (var name in file.Sources.SelectMany(s => s.Domains.Keys)) domains.TryAdd(name, new(name));
        return domains.ToImmutableDictionary();
    }

    /// <summary>Whoever lists sources and nothing else means them for all mail.</summary>
    private static ImmutableArray<Pool> Pools(Draft file, ImmutableArray<Source> sources) =>
        file.Pools.IsEmpty || file.Sources.IsEmpty && file.Pools.All(p => p.Name != Pool.DefaultName)
            ? [.. file.Pools, new(Pool.DefaultName, sources.ToImmutableDictionary(s => s.Name, _ => 1))]
            : file.Pools;

    private static ImmutableDictionary<string, T> Distinct<T>(IEnumerable<T> all, Func<T, string> name) =>
        all.DistinctBy(name).ToImmutableDictionary(name);

    private static ImmutableDictionary<string, string> Origins(Draft below, Draft file)
    {
        var origins = new Dictionary<string, string>();
        var replaced = file.Providers.Select(p => $"providers.{p.Name}")
            .Concat(file.Plans.Select(p => $"warm_up_plans.{p.Name}")).ToHashSet();
        foreach (var path in below.Report.Lines.Keys.Where(p => !IsRule(p) && !IsWithin(p, replaced)))
            origins[path] = Shipped;
        foreach (var provider in file.Providers.Where(p => p.Match.IsEmpty))
            origins[$"providers.{provider.Name}.match"] = Shipped;
        foreach (var path in file.Report.Lines.Keys.Where(p => !IsRule(p))) origins[path] = file.Report.Origin(path);
        for (var i = 0; i < below.Rules.Length; i++) origins[$"rules.{below.Rules[i].Id}"] = Shipped;
        for (var i = 0; i < file.Rules.Length; i++)
            origins[$"rules.{file.Rules[i].Id}"] =
                file.Report.Origin(string.Create(CultureInfo.InvariantCulture, $"rules[{i}]"));
        return origins.ToImmutableDictionary();
    }

    public const string Shipped = "shipped";

    /// <summary>Rules are known by id, not by place: an explanation names them so.</summary>
    private static bool IsRule(string path) => path.StartsWith("rules", StringComparison.Ordinal);

    private static bool IsWithin(string path, HashSet<string> entries)
    {
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = path.IndexOf('.', dot + 1))
            if (entries.Contains(path[..dot])) return true;
        return entries.Contains(path);
    }
}
