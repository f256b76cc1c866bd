using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>
/// Whether what a file names exists, in it or in the shipped defaults. What is there but faulty has been told already,
/// and is not called missing.
/// </summary>
internal static class References
{
    public static void Check(Draft file, ShapingRules all)
    {
        var report = file.Report;
        var providers = all.Providers.Select(p => p.Name).ToHashSet();
        foreach (var provider in all.Providers)
        {
            var path = $"providers.{provider.Name}";
            if (provider.Match.IsEmpty && !report.Has($"{path}.match"))
                report.Fault(path, "needs match: there is no shipped provider of this name to take it from");
        }
        foreach (var domain in file.Domains.Where(d => providers.Contains(d.Name)))
            report.Fault($"domains.{domain.Name}", "has the name of a provider: one site cannot be both");
        foreach (var source in file.Sources) OfSource(source, all, providers, report);
        foreach (var pool in file.Pools)
            foreach (var source in pool.Sources.Keys
                .Where(s => !all.Sources.ContainsKey(s) && !report.Has($"sources.{s}")))
                report.Fault($"pools.{pool.Name}.sources.{source}", $"there is no source '{source}'");
        for (var i = 0; i < file.Streams.Length; i++) OfStream(file.Streams[i], $"streams[{i}]", all, report);
        if (!all.Pools.ContainsKey(Pool.DefaultName) && !report.Has($"pools.{Pool.DefaultName}"))
            report.Fault("pools",
                $"needs a pool '{Pool.DefaultName}': the mail of streams that no entry gives one leaves by it");
        Suspicious(file, all, providers);
    }

    private static void OfSource(Source source, ShapingRules all, HashSet<string> providers, Report report)
    {
        var path = $"sources.{source.Name}";
        if (source.WarmUp is { } plan && !all.WarmUpPlans.ContainsKey(plan) && !report.Has($"warm_up_plans.{plan}"))
            report.Fault($"{path}.warm_up",
                $"there is no warm-up plan '{plan}'; there is {Listed(all.WarmUpPlans.Keys)}");
        foreach (var provider in source.Providers.Keys
            .Where(p => !providers.Contains(p) && !report.Has($"providers.{p}")))
            report.Fault($"{path}.providers.{provider}", $"there is no provider '{provider}'");
    }

    private static void OfStream(StreamPolicy policy, string path, ShapingRules all, Report report)
    {
        if (policy.Pool is not { } name) return;
        if (!all.Pools.TryGetValue(name, out var pool))
        {
            if (!report.Has($"pools.{name}")) report.Fault($"{path}.pool", $"there is no pool '{name}'");
        }
        else if (pool.Tenant is { } tenant && policy.Tenant != tenant)
            report.Fault($"{path}.pool", $"the pool '{name}' is dedicated to the tenant '{tenant}'");
        else if (pool.Stream is { } stream && policy.Stream != stream)
            report.Fault($"{path}.pool", $"the pool '{name}' is dedicated to the stream '{stream}' of '{pool.Tenant}'");
    }

    /// <summary>It may be meant so.</summary>
    private static void Suspicious(Draft file, ShapingRules all, HashSet<string> providers)
    {
        var used = all.Pools.Values.SelectMany(p => p.Sources.Keys).ToHashSet();
        foreach (var source in file.Sources.Where(s => !used.Contains(s.Name)))
            file.Report.Warn($"sources.{source.Name}", "is in no pool: nothing is sent from it");
        for (var i = 0; i < file.Rules.Length; i++)
            if (file.Rules[i].Site is { } site && !site.Contains('.', StringComparison.Ordinal)
                && !providers.Contains(site) && site is not (Sites.Smarthost or Sites.Relay))
                file.Report.Warn($"rules[{i}].site", $"there is no provider '{site}': the rule will hardly ever fit");
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
