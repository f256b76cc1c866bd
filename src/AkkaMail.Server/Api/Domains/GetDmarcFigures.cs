using System.ComponentModel.DataAnnotations;
using System.Net;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Server.Api.Domains;

/// <summary>Who sends as a domain, by what receivers report.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Days">Those with reports.</param>
public sealed record DmarcFiguresResponse(
    string Domain, DateOnly From, DateOnly To, IReadOnlyList<DmarcDayResponse> Days);

/// <summary>A day of reports.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Sources">Who sent as the domain, those with most mails first.</param>
public sealed record DmarcDayResponse(DateOnly Day, IReadOnlyList<DmarcSourceResponse> Sources);

/// <summary>An address that sent as the domain.</summary>
/// <param name="SourceIp">The address. <c>other</c> sums up those with fewer mails.</param>
/// <param name="Source">The name of ours that has the address. Absent: it is none of ours.</param>
/// <param name="Reporters">Who says so.</param>
/// <param name="AuthenticatedAs">Domains that vouched for its mail, the From domain or not.</param>
/// <param name="Mails">How many mails were reported.</param>
/// <param name="Passed">How many of them passed DMARC.</param>
/// <param name="DkimAligned">How many had a DKIM signature of the From domain.</param>
/// <param name="SpfAligned">How many had an SPF pass of the From domain.</param>
/// <param name="Quarantined">How many went to the spam folder by the domain's policy.</param>
/// <param name="Rejected">How many were refused by the domain's policy.</param>
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
            .WithDescription("Days without reports are left out. What is beyond `limit` is summed up as `other`.")
            .Produces<DmarcFiguresResponse>().Refuses(404, 422);

    /// <param name="from">The first UTC day. Left out: 30 days up to <c>to</c>.</param>
    /// <param name="to">The last UTC day, at most 92 in all. Left out: today.</param>
    /// <param name="limit">How many sources of a day are told apart, those with most mails first.</param>
    private static async Task<IResult> Get(
        string domain, Caller caller, [AsParameters] AccountParts parts, ReportStore reports, DomainFacts facts,
        CancellationToken cancel, [DataType(DataType.Date)] string? from = null,
        [DataType(DataType.Date)] string? to = null, string? limit = null)
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
