using System.Collections.Immutable;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>The site of a domain, and what holds there.</summary>
public sealed record SiteResponse
{
    public required string Domain { get; init; }
    public required ImmutableArray<string> MxHosts { get; init; }
    public required string Site { get; init; }
    public required string? Provider { get; init; }
    public required string Reason { get; init; }
    /// <summary>How long DNS lets the answer hold; null when DNS is not asked.</summary>
    public required DateTimeOffset? Until { get; init; }
    public required string Version { get; init; }
    public required string Pool { get; init; }
    public required IReadOnlyList<SourceAtSite> Sources { get; init; }
    public required RetryResponse Retry { get; init; }
    public required IReadOnlyList<string> Rules { get; init; }
}

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

/// <summary>
/// By name, as a file has them. Not a dictionary, so that the description of the API names each; a test holds that none
/// is left out.
/// </summary>
public sealed record LimitsResponse(
    DecidedValue? Rate, DecidedValue Connections, DecidedValue? ConnectionRate, DecidedValue MessagesPerConnection,
    DecidedValue Tls, DecidedValue? TotalRate, DecidedValue? TotalConnections)
{
    public static LimitsResponse Of(LaneLimits limits)
    {
        var said = limits.Explain();
        DecidedValue? Of(string name) => said.GetValueOrDefault(name) is { } e ? new(e.Value, e.Origin) : null;
        return new(
            Of("rate"), Of("connections")!, Of("connection_rate"), Of("messages_per_connection")!, Of("tls")!,
            Of("total_rate"), Of("total_connections"));
    }
}

public sealed record RetryResponse(string FirstDelay, string MaxDelay, double Jitter, string Origin)
{
    public static RetryResponse Of(Explained<RetrySchedule> decided) => new(
        decided.Value.FirstDelay.ToString("c"), decided.Value.MaxDelay.ToString("c"), decided.Value.Jitter,
        decided.Origin);
}
