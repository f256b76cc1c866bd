using System.Collections.Immutable;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// Which site a domain belongs to, and why: <paramref name="Reason"/> is e.g. <c>providers.google MXSuffix
/// .google.com</c>. <paramref name="MxHosts"/> is empty when DNS was not needed or gave none; it holds until
/// <paramref name="Until"/>.
/// </summary>
public sealed record SiteAnswer(
    string Domain, string Site, string? Provider, string Reason, ImmutableArray<string> MxHosts, DateTimeOffset Until);

/// <summary>
/// Finds the site of a recipient's domain (A-labels). Every outcome is a value: without DNS the domain is its own site.
/// </summary>
public delegate ValueTask<SiteAnswer> ResolveSite(string domain, CancellationToken cancel);
