using System.Collections.Immutable;

namespace AkkaMail.Core.Domains.Reports;

/// <summary>A sender's count of TLS sessions towards our hosts (RFC 8460 §4).</summary>
public sealed record TlsReport(
    string Reporter, string ReportId, DateTimeOffset Begin, DateTimeOffset End, ImmutableArray<TlsPolicyRow> Policies)
{
    /// <summary>Failures by who connected, and sessions that went well, for the day the report began.</summary>
    public ImmutableArray<TlsDay> PerSourceAndDay()
    {
        var day = DateOnly.FromDateTime(Begin.UtcDateTime);
        return
        [
            .. Policies.Where(p => p.Successful > 0)
                .Select(p => new TlsDay(day, p.Domain, "", "success", p.Successful)),
            .. Policies.SelectMany(p => p.Failures.GroupBy(f => (f.SendingIp, f.Result)).Select(g =>
                new TlsDay(day, p.Domain, g.Key.SendingIp, g.Key.Result, g.Sum(f => f.Sessions)))),
        ];
    }
}

/// <param name="Type"><c>sts</c>, <c>tlsa</c> or <c>no-policy-found</c>.</param>
public sealed record TlsPolicyRow(
    string Type, string Domain, long Successful, long Failed, ImmutableArray<TlsFailureRow> Failures);

/// <param name="Result">RFC 8460 §4.3, such as <c>certificate-expired</c>.</param>
public sealed record TlsFailureRow(string Result, string SendingIp, string ReceivingHost, long Sessions, string Reason);

/// <summary>Sessions of one sending address (empty: not said) on one day with one result.</summary>
public sealed record TlsDay(DateOnly Day, string Domain, string SendingIp, string Result, long Sessions);
