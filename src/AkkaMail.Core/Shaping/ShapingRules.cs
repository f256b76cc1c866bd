using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// All of <c>shaping.json</c> over the shipped defaults. <paramref name="Version"/> names it in the journal: the
/// first 12 hexadecimal digits of the SHA-256 of both texts, after the file's own <c>version</c> if it has one
/// (<c>2026-11-24+1f3a…</c>).
/// </summary>
public sealed record ShapingRules(string Version)
{
    /// <summary>When no file says anything, which the shipped defaults rule out; as <c>Limits.BuiltIn</c>.</summary>
    internal const double BuiltInReserve = 0.1;

    public Limits Defaults { get; init; } = Limits.None;

    /// <summary>Where neither stream nor domain nor provider has one; null: <c>AkkaMail:Retry</c>.</summary>
    public RetryTerms? Retry { get; init; }

    /// <summary>
    /// In order: the first that fits a domain is its site. The file's own come before the shipped ones.
    /// </summary>
    public ImmutableArray<Provider> Providers { get; init; } = [];

    public ImmutableDictionary<string, DomainEntry> Domains { get; init; } =
        ImmutableDictionary<string, DomainEntry>.Empty;
    public ImmutableDictionary<string, Source> Sources { get; init; } = ImmutableDictionary<string, Source>.Empty;
    public ImmutableDictionary<string, Pool> Pools { get; init; } = ImmutableDictionary<string, Pool>.Empty;
    public ImmutableDictionary<string, TenantEntry> Tenants { get; init; } =
        ImmutableDictionary<string, TenantEntry>.Empty;
    public ImmutableArray<StreamPolicy> Streams { get; init; } = [];
    public ImmutableDictionary<string, WarmUpPlan> WarmUpPlans { get; init; } =
        ImmutableDictionary<string, WarmUpPlan>.Empty;

    /// <summary>In order; each that fits a reply counts it, the file's own before the shipped ones.</summary>
    public ImmutableArray<ReactionRule> Rules { get; init; } = [];

    /// <summary>Of a lane's connections and room, kept for transactional mail; 0 to 0.9.</summary>
    public double TransactionalReserve { get; init; } = BuiltInReserve;

    /// <summary>
    /// Where each value stands: <c>defaults.rate</c> → <c>shipped</c> or <c>shaping.json:12</c>. Paths are those of the
    /// file, but a rule's is its id: <c>rules.google-unusual-rate</c>.
    /// </summary>
    public ImmutableDictionary<string, string> Origins { get; init; } = ImmutableDictionary<string, string>.Empty;
}
