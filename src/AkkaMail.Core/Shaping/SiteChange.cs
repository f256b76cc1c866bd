using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// From <paramref name="At"/> on the domain was counted as <paramref name="Site"/>. <paramref name="Reason"/>,
/// <paramref name="MxHosts"/> and <paramref name="Version"/>, that of the shaping rules, are what decided it.
/// </summary>
public sealed record SiteChange(
    string Domain, DateTimeOffset At, string Site, string? Provider, string Reason, ImmutableArray<string> MxHosts,
    string Version);

/// <summary>
/// Takes down which site a domain belongs to now; only what differs from what was known of it is kept. It returns at
/// once: mail does not wait for it, and what cannot be stored is lost and counted.
/// </summary>
public delegate void NoteSite(SiteAnswer answer);
