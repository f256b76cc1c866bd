using System.Collections.Immutable;

namespace AkkaMail.Core.DomainReports;

/// <summary>A sender's count of TLS sessions towards our hosts (RFC 8460 §4).</summary>
public sealed record TlsReport(
    string Reporter, string ReportId, DateTimeOffset Begin, DateTimeOffset End, ImmutableArray<TlsPolicyRow> Policies)
{
    /// <summary>Sessions by policy, host and how they ended, as a table shows them.</summary>
    public ImmutableArray<TlsTally> PerHost() =>
        [.. Policies.SelectMany(Tallies).GroupBy(t => t with { Sessions = 0 })
            .Select(g => g.Key with { Sessions = g.Sum(t => t.Sessions) })];

    private static IEnumerable<TlsTally> Tallies(TlsPolicyRow policy)
    {
        TlsTally Of(string host, string result, long sessions) => new(
            policy.Domain.TrimEnd('.').ToLowerInvariant(), TlsTally.Word(policy.Type), host, result, sessions);

        if (policy.Successful > 0) yield return Of("", TlsTally.Success, policy.Successful);
        foreach (var f in policy.Failures)
            yield return Of(TlsTally.Host(f.ReceivingHost), TlsTally.Word(f.Result), f.Sessions);
        // §4.4: details are optional, the totals are not.
        var untold = policy.Failed - policy.Failures.Sum(f => f.Sessions);
        if (untold > 0) yield return Of("", TlsTally.Unspecified, untold);
    }
}

/// <param name="Type"><c>sts</c>, <c>tlsa</c> or <c>no-policy-found</c>.</param>
public sealed record TlsPolicyRow(
    string Type, string Domain, long Successful, long Failed, ImmutableArray<TlsFailureRow> Failures);

/// <param name="Result">RFC 8460 §4.3, such as <c>certificate-expired</c>.</param>
public sealed record TlsFailureRow(string Result, string SendingIp, string ReceivingHost, long Sessions, string Reason);

/// <summary>Sessions towards one host of ours (empty: not said) that ended in one way.</summary>
/// <param name="Result">RFC 8460 §4.3, <see cref="Success"/> or <see cref="Unspecified"/>.</param>
public sealed record TlsTally(string PolicyDomain, string PolicyType, string MxHost, string Result, long Sessions)
{
    public const string Success = "success", Unspecified = "unspecified";

    /// <summary>Characters of a host name (RFC 1035 §2.3.4), and of a word of RFC 8460, with some room.</summary>
    private const int HostMax = 253, WordMax = 40;

    /// <summary>What a reporter calls a result; what is no word is unspecified.</summary>
    internal static string Word(string text) =>
        text.Length is > 0 and <= WordMax && text != Success && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text.ToLowerInvariant() : Unspecified;

    internal static string Host(string text) =>
        text.TrimEnd('.') is { Length: <= HostMax } host
        && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':') ? host.ToLowerInvariant() : "";
}
