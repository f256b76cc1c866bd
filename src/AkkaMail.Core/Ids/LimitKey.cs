using System.Diagnostics;

namespace AkkaMail.Core.Ids;

/// <summary>
/// What has a governor: a lane, or a limit that several lanes share. Its text is <c>source@site</c> in journal, metrics
/// and between nodes; that of a shared limit has a star, or a colon, in the place of a name, which no name has.
/// </summary>
public abstract record LimitKey
{
    private const string All = "*";
    private const string TenantPrefix = "tenant:";

    private LimitKey() { }

    public sealed record Lane(LaneKey Key) : LimitKey;

    /// <summary>What a provider takes of all sources together: <c>*@provider</c>.</summary>
    public sealed record ProviderTotal(string Provider) : LimitKey;

    /// <summary>A source's warm-up with all who are no provider: <c>source@*</c>.</summary>
    public sealed record WarmUpRest(string Source) : LimitKey;

    /// <summary>What a tenant may send on all lanes together: <c>tenant:name@*</c>.</summary>
    public sealed record TenantTotal(string Tenant) : LimitKey;

    /// <summary>As the API has it: <c>/v1/lanes/{source}/{site}</c>.</summary>
    public (string Source, string Site) Path => this switch
    {
        Lane l => (l.Key.Source, l.Key.Site),
        ProviderTotal p => (All, p.Provider),
        WarmUpRest w => (w.Source, All),
        TenantTotal t => (TenantPrefix + t.Tenant, All),
        _ => throw new UnreachableException($"{GetType().Name} has no path"),
    };

    public static LimitKey Of(string source, string site) => (source, site) switch
    {
        (All, _) => new ProviderTotal(site),
        (_, not All) => new Lane(new(source, site)),
        _ => source.StartsWith(TenantPrefix, StringComparison.Ordinal)
            ? new TenantTotal(source[TenantPrefix.Length..]) : new WarmUpRest(source),
    };

    /// <summary>No source has an @ in its name; a text without one is no limit's and throws.</summary>
    public static LimitKey Parse(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? Of(text[..at], text[(at + 1)..])
        : throw new FormatException($"'{text}' is no limit: source@site");

    public sealed override string ToString()
    {
        var (source, site) = Path;
        return $"{source}@{site}";
    }
}
