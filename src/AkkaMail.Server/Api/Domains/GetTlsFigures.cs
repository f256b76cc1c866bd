using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Http;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Server.Api.Domains;

/// <summary>How sessions towards a domain's hosts went. Days without reports are left out.</summary>
public sealed record TlsFiguresResponse(
    string Domain, DateOnly From, DateOnly To, IReadOnlyList<TlsFiguresDayResponse> Days);

public sealed record TlsFiguresDayResponse(DateOnly Day, IReadOnlyList<TlsReporterResponse> Reporters);

/// <summary>
/// Who connected to us, and how it went; <c>other</c> sums up those with fewer sessions.
/// </summary>
public sealed record TlsReporterResponse(
    string Reporter, long Successful, long Failed, IReadOnlyList<TlsResultResponse> Results)
{
    internal static TlsReporterResponse Of(ReporterFigures r) => new(
        r.Reporter, r.Successful, r.Failed, [.. r.Tallies.Select(TlsResultResponse.Of)]);
}

/// <summary>
/// <paramref name="Result"/> is <c>success</c>, a word of RFC 8460 §4.3, or <c>unspecified</c>;
/// <paramref name="MxHost"/> is left out where the reporter does.
/// </summary>
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
            .WithDescription($"from and to are UTC days, at most {ReportRange.DaysMax}; the last 30 without them. "
                + "limit, 1 to 500, is how many reporters of a day are told apart, those with most sessions first.")
            .Produces<TlsFiguresResponse>().Refuses(404, 422);

    private static async Task<IResult> Get(
        string domain, Caller caller, [AsParameters] AccountParts parts, ReportStore reports, CancellationToken cancel,
        string? from = null, string? to = null, string? limit = null)
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
