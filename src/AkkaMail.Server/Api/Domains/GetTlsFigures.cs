using System.ComponentModel.DataAnnotations;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Server.Api.Domains;

/// <summary>How encrypted sessions towards a domain's hosts went.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Days">Those with reports.</param>
public sealed record TlsFiguresResponse(
    string Domain, DateOnly From, DateOnly To, IReadOnlyList<TlsFiguresDayResponse> Days);

/// <summary>A day of reports.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Reporters">Who connected, those with most sessions first.</param>
public sealed record TlsFiguresDayResponse(DateOnly Day, IReadOnlyList<TlsReporterResponse> Reporters);

/// <summary>Who connected to the domain's hosts, and how it went.</summary>
/// <param name="Reporter">Its name. <c>other</c> sums up those with fewer sessions.</param>
/// <param name="Successful">Sessions with the encryption the policy asks for.</param>
/// <param name="Failed">Sessions without.</param>
/// <param name="Results">The same by policy, host and result.</param>
public sealed record TlsReporterResponse(
    string Reporter, long Successful, long Failed, IReadOnlyList<TlsResultResponse> Results)
{
    internal static TlsReporterResponse Of(ReporterFigures r) => new(
        r.Reporter, r.Successful, r.Failed, [.. r.Tallies.Select(TlsResultResponse.Of)]);
}

/// <summary>Sessions that ended the same way.</summary>
/// <param name="PolicyDomain">The domain whose policy it was.</param>
/// <param name="PolicyType">The kind of policy, as <c>sts</c> (RFC 8460 §4.2).</param>
/// <param name="MxHost">The host. Absent where the reporter leaves it out.</param>
/// <param name="Result"><c>success</c>, a word of RFC 8460 §4.3, or <c>unspecified</c>.</param>
/// <param name="Sessions">How many sessions.</param>
public sealed record TlsResultResponse(
    string PolicyDomain, string PolicyType, string? MxHost, string Result, long Sessions)
{
    internal static TlsResultResponse Of(TlsTally t) =>
        new(t.PolicyDomain, t.PolicyType, t.MxHost.Length > 0 ? t.MxHost : null, t.Result, t.Sessions);
}

/// <summary><c>GET /v1/domains/{domain}/tls</c>: TLS reports by reporter and day.</summary>
internal static class GetTlsFigures
{
    public static void MapTlsFigures(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/domains/{domain}/tls", Get).Needs(Scopes.Read).WithName("GetDomainTls")
            .WithSummary("How encrypted sessions towards a domain's hosts went, as TLS reports say")
            .WithDescription("Days without reports are left out. What is beyond `limit` is summed up as `other`.")
            .Produces<TlsFiguresResponse>().Refuses(404, 422);

    /// <param name="from">The first UTC day. Left out: 30 days up to <c>to</c>.</param>
    /// <param name="to">The last UTC day, at most 92 in all. Left out: today.</param>
    /// <param name="limit">How many reporters of a day are told apart, those with most sessions first.</param>
    private static async Task<IResult> Get(
        string domain, Caller caller, [AsParameters] AccountParts parts, ReportStore reports, CancellationToken cancel,
        [DataType(DataType.Date)] string? from = null, [DataType(DataType.Date)] string? to = null, string? limit = null)
    {
        var (asked, problem) = ReportQuestion.Read(domain, caller, parts, from, to, limit);
        if (asked is null) return problem!;
        var (found, range, most) = asked;
        var days = await reports.Tls(found.Tenant, found.Name, range.From, range.To, most, cancel);
        return Answers.Json(new TlsFiguresResponse(found.Name, range.From, range.To,
            [.. days.Select(d => new TlsFiguresDayResponse(d.Day, [.. d.Reporters.Select(TlsReporterResponse.Of)]))]),
            DomainAnswers.Default.TlsFiguresResponse);
    }
}
