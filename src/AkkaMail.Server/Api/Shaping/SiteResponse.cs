using System.Collections.Immutable;
using System.Globalization;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Api.Shaping;

/// <summary><paramref name="Until"/>: how long DNS lets the answer hold; null when DNS is not asked.</summary>
public sealed record SiteResponse(
    string Domain, ImmutableArray<string> MxHosts, string Site, string? Provider, string Reason, DateTimeOffset? Until,
    string Version, string Pool, IReadOnlyList<SourceAtSite> Sources, RetryResponse Retry, IReadOnlyList<string> Rules);

/// <summary>What a source may do at the site. A smarthost's mail goes to the site <c>smarthost</c> instead.</summary>
public sealed record SourceAtSite(
    string Source, string? Address, string? Node, string? WarmUp, bool Missing, string Site, LimitsResponse Limits)
{
    public static SourceAtSite Of(ShapingRules rules, string name, string site, bool isMissing)
    {
        var source = rules.Sources[name];
        var lane = source.Smarthost is null ? site : Sites.Smarthost;
        return new(name, source.Address?.ToString(), source.Node, source.WarmUp, isMissing, lane,
            LimitsResponse.Of(LaneLimits.Of(rules, name, lane)));
    }
}

/// <summary>A value as it is written in the file, and the path and file it comes from.</summary>
public sealed record DecidedValue(string Value, string Origin);

public sealed record LimitsResponse(
    DecidedValue? Rate, DecidedValue Connections, DecidedValue? ConnectionRate, DecidedValue MessagesPerConnection,
    DecidedValue Tls, DecidedValue? TotalRate, DecidedValue? TotalConnections)
{
    public static LimitsResponse Of(LaneLimits limits) => new(
        Text(limits.Rate), Text(limits.Connections)!, Text(limits.ConnectionRate), Text(limits.MessagesPerConnection)!,
        new(limits.Tls.Value.ToString().ToLowerInvariant(), limits.Tls.Origin), Text(limits.TotalRate),
        Text(limits.TotalConnections));

    private static DecidedValue? Text<T>(Explained<T>? decided) => decided is null ? null
        : new(Convert.ToString(decided.Value, CultureInfo.InvariantCulture)!, decided.Origin);
}

public sealed record RetryResponse(string FirstDelay, string MaxDelay, double Jitter, string Origin)
{
    public static RetryResponse Of(Explained<RetrySchedule> decided) => new(
        decided.Value.FirstDelay.ToString("c"), decided.Value.MaxDelay.ToString("c"), decided.Value.Jitter,
        decided.Origin);
}
