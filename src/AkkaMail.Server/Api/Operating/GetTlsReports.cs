using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Http;
using AkkaMail.Smtp.Tls;

namespace AkkaMail.Server.Api.Operating;

/// <summary>
/// A UTC day's sessions by policy domain (RFC 8460 §4); <paramref name="Dropped"/> were beyond the bound.
/// </summary>
public sealed record TlsDayResponse(DateOnly Day, IReadOnlyList<TlsDomainResponse> Domains, long Dropped)
{
    public static TlsDayResponse Of(TlsDay day) =>
        new(day.Day, [.. day.Domains.Select(TlsDomainResponse.Of)], day.Dropped);
}

public sealed record TlsDomainResponse(
    string Domain, string PolicyType, TlsPolicyResponse? Policy, long Successful, long Failed,
    IReadOnlyList<TlsFailureResponse> Failures)
{
    public static TlsDomainResponse Of(TlsDomain d) => new(
        d.Domain, d.PolicyType, d.Policy is { } p ? TlsPolicyResponse.Of(p) : null, d.Successful,
        d.Failures.Sum(f => f.Count),
        [.. d.Failures.Select(f => new TlsFailureResponse(f.Result.ToWord(), f.MxHost, f.Count))]);
}

public sealed record TlsPolicyResponse(string Id, string Mode, IReadOnlyList<string> Mx, long MaxAge)
{
    public static TlsPolicyResponse Of(StsPolicy p) =>
        new(p.Id, p.Mode.ToWord(), p.Mx, (long)p.MaxAge.TotalSeconds);
}

public sealed record TlsFailureResponse(string Result, string? MxHost, long Count);

/// <summary><c>GET /v1/tls-reports?day=2026-11-24</c>: what the reports of that day would say.</summary>
internal static class GetTlsReports
{
    public static void MapTlsReports(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/tls-reports", Get).WithName("GetTlsReports")
            .WithSummary("How the encryption of a day's sessions went, by domain")
            .WithDescription("day is a UTC day, today without it. Kept in memory for today and the two days before.")
            .Produces<TlsDayResponse>().Refuses(422);

    private static IResult Get(TlsReports reports, TimeProvider time, string? day = null)
    {
        var asked = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (day is not null && !DateOnly.TryParseExact(
            day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out asked))
            return Problem.Field("day", "is not a day: write 2026-11-24");
        return Answers.Json(TlsDayResponse.Of(reports.Snapshot(asked)), OperatingAnswers.Default.TlsDayResponse);
    }
}
