using System.Net;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Server.Api.Domains;

/// <summary>Who sends as a domain, by what receivers report. Days without reports are left out.</summary>
public sealed record DmarcFiguresResponse(
    string Domain, DateOnly From, DateOnly To, IReadOnlyList<DmarcDayResponse> Days);

public sealed record DmarcDayResponse(DateOnly Day, IReadOnlyList<DmarcSourceResponse> Sources);

/// <summary>
/// An address that sent as the domain. <paramref name="SourceIp"/> <c>other</c> sums up those with fewer mails;
/// <paramref name="Source"/> is the name of ours that has the address; <paramref name="AuthenticatedAs"/> are domains
/// that vouched for its mail, the From domain or not.
/// </summary>
public sealed record DmarcSourceResponse(
    string SourceIp, string? Source, IReadOnlyList<string> Reporters, IReadOnlyList<string> AuthenticatedAs, long Mails,
    long Passed, long DkimAligned, long SpfAligned, long Quarantined, long Rejected)
{
    internal static DmarcSourceResponse Of(SourceFigures s, DomainFacts facts) => new(
        s.SourceIp, IPAddress.TryParse(s.SourceIp, out var ip) ? facts.SourceAt(ip) : null, s.Reporters,
        s.AuthenticatedAs, s.Mails, s.Passed, s.DkimAligned, s.SpfAligned, s.Quarantined, s.Rejected);
}

/// <summary><c>GET /v1/domains/{domain}/dmarc</c>: DMARC reports by source and day.</summary>
internal static class GetDmarcFigures
{
    public static void MapDmarcFigures(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/domains/{domain}/dmarc", Get).Needs(Scopes.Read).WithName("GetDomainDmarc")
            .WithSummary("Who sends as a domain, by source and day, as DMARC reports say")
            .WithDescription($"from and to are UTC days, at most {ReportRange.DaysMax}; the last 30 without them. "
                + "limit, 1 to 500, is how many sources of a day are told apart, those with most mails first.")
            .Produces<DmarcFiguresResponse>().Refuses(404, 422);

    private static async Task<IResult> Get(
        string domain, Caller caller, [AsParameters] AccountParts parts, ReportStore reports, DomainFacts facts,
        CancellationToken cancel, string? from = null, string? to = null, string? limit = null)
    {
        var (asked, problem) = ReportQuestion.Read(domain, caller, parts, from, to, limit);
        if (asked is null) return problem!;
        var (found, range, most) = asked;
        var days = await reports.Dmarc(found.Tenant, found.Name, range.From, range.To, most, cancel);
        return Answers.Json(new DmarcFiguresResponse(found.Name, range.From, range.To,
            [.. days.Select(d => new DmarcDayResponse(
                d.Day, [.. d.Sources.Select(s => DmarcSourceResponse.Of(s, facts))]))]),
            DomainAnswers.Default.DmarcFiguresResponse);
    }
}
