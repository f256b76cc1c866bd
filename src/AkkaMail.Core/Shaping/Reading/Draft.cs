using System.Collections.Immutable;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>What one file says, before it is laid over the other and references are looked up.</summary>
internal sealed record Draft(Report Report)
{
    public string? Version { get; init; }

    /// <summary>False leaves the shipped providers, rules and plans out.</summary>
    public bool Shipped { get; init; } = true;

    public Limits Defaults { get; init; } = Limits.None;
    public RetryTerms? Retry { get; init; }
    public double? TransactionalReserve { get; init; }

    /// <summary>Without a match of its own a provider has that of the shipped one.</summary>
    public ImmutableArray<Provider> Providers { get; init; } = [];

    public ImmutableArray<DomainEntry> Domains { get; init; } = [];
    public ImmutableArray<Source> Sources { get; init; } = [];
    public ImmutableArray<Pool> Pools { get; init; } = [];
    public ImmutableArray<TenantEntry> Tenants { get; init; } = [];
    public ImmutableArray<StreamPolicy> Streams { get; init; } = [];
    public ImmutableArray<WarmUpPlan> Plans { get; init; } = [];
    public ImmutableArray<ReactionRule> Rules { get; init; } = [];

    /// <summary>Reads all of it; what is faulty is left out, and in the report.</summary>
    public static Draft Read(ReadOnlySpan<byte> utf8, string file)
    {
        var report = new Report(file);
        var draft = new Draft(report);
        if (JsonText.Read(utf8, report) is not { } root) return draft;
        if (new Place(root, "", report, root.Line).Fields() is not { } f) return draft;
        var (limits, retry, reserve) = f.Take("defaults") is { } p ? Defaulted(p) : default;
        draft = draft with
        {
            Version = f.Name("version"),
            Shipped = f.Flag("shipped") ?? true,
            Defaults = limits ?? Limits.None,
            Retry = retry,
            TransactionalReserve = reserve,
            Providers = [.. f.Take("providers") is { } providers ? Receivers.Providers(providers) : []],
            Domains = [.. f.Take("domains") is { } domains ? Receivers.Domains(domains) : []],
            Sources = [.. f.Take("sources") is { } sources ? Senders.Sources(sources) : []],
            Pools = [.. f.Take("pools") is { } pools ? Senders.Pools(pools) : []],
            Tenants = [.. f.Take("tenants") is { } tenants ? Policies.Tenants(tenants) : []],
            Streams = [.. f.Take("streams") is { } streams ? Policies.Streams(streams) : []],
            Plans = [.. f.Take("warm_up_plans") is { } plans ? Senders.Plans(plans) : []],
            Rules = [.. f.Take("rules") is { } rules ? Reactions.Rules(rules) : []],
        };
        f.End();
        return draft;
    }

    private static (Limits?, RetryTerms?, double?) Defaulted(Place place)
    {
        if (place.Fields() is not { } f) return default;
        var read = (LimitsReading.From(f), LimitsReading.Retry(f), f.Share("transactional_reserve", 0, 0.9));
        f.End();
        return read;
    }
}
