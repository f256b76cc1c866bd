using System.Collections.Immutable;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>The site of a domain, and what holds there.</summary>
public sealed record SiteResponse
{
    /// <summary>The domain, in A-labels.</summary>
    public required string Domain { get; init; }

    /// <summary>Its MX hosts.</summary>
    public required ImmutableArray<string> MxHosts { get; init; }

    /// <summary>The site.</summary>
    public required string Site { get; init; }

    /// <summary>Whose it is. Absent: nobody's that the rules know.</summary>
    public required string? Provider { get; init; }

    /// <summary>Why it is that one.</summary>
    public required string Reason { get; init; }

    /// <summary>How long DNS lets the answer hold. Absent: DNS is not asked.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>The version of the shaping rules.</summary>
    public required string Version { get; init; }

    /// <summary>The pool that mail goes by.</summary>
    public required string Pool { get; init; }

    /// <summary>What each source may do there.</summary>
    public required IReadOnlyList<SourceAtSite> Sources { get; init; }

    /// <summary>When a deferred mail is tried again.</summary>
    public required RetryResponse Retry { get; init; }

    /// <summary>The ids of the rules that react to replies there.</summary>
    public required IReadOnlyList<string> Rules { get; init; }
}

/// <summary>What a source may do at the site.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Address">The address it sends from. Absent: the system chooses.</param>
/// <param name="Node">The node that has it. Absent: each.</param>
/// <param name="WarmUp">The plan of its warm-up. Absent: none.</param>
/// <param name="Missing">Whether its address is not on this machine.</param>
/// <param name="Site">The site its mail is counted as; of a smarthost's <c>smarthost</c>.</param>
/// <param name="Limits">What holds for it.</param>
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

/// <summary>A value, and where it stands.</summary>
/// <param name="Value">As it is written in the file.</param>
/// <param name="Origin">The path and the file it comes from.</param>
public sealed record DecidedValue(string Value, string Origin);

/// <summary>The limits of a lane, each with where it stands.</summary>
/// <param name="Rate">Messages over time. Absent: no limit.</param>
/// <param name="Connections">Connections at once.</param>
/// <param name="ConnectionRate">Connections opened over time. Absent: no limit.</param>
/// <param name="MessagesPerConnection">Mails on a connection.</param>
/// <param name="Tls">How much encryption is asked for.</param>
/// <param name="TotalRate">Messages over time of all sources together. Absent: no limit.</param>
/// <param name="TotalConnections">Connections of all sources together. Absent: no limit.</param>
// Not a dictionary, so that the description names each; a test holds that none is left out.
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

/// <summary>When a deferred mail is tried again.</summary>
/// <param name="FirstDelay">The wait before the second try, as <c>00:05:00</c>.</param>
/// <param name="MaxDelay">The longest wait; each is twice the one before.</param>
/// <param name="Jitter">How much a wait varies, as a part of it.</param>
/// <param name="Origin">The path and the file it comes from, or the name of the settings.</param>
public sealed record RetryResponse(string FirstDelay, string MaxDelay, double Jitter, string Origin)
{
    public static RetryResponse Of(Explained<RetrySchedule> decided) => new(
        decided.Value.FirstDelay.ToString("c"), decided.Value.MaxDelay.ToString("c"), decided.Value.Jitter,
        decided.Origin);
}
