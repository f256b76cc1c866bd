using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Inbound;

namespace AkkaMail.Server.Api.Domains;

/// <summary>What became of each report: a file has one, a mail perhaps several.</summary>
/// <param name="Reports">The reports.</param>
public sealed record ReportsResponse(IReadOnlyList<ReportResponse> Reports);

/// <summary>A report as it was taken.</summary>
public sealed record ReportResponse
{
    /// <summary>What it is about. Absent: it was refused.</summary>
    [WordsOf<ReportKind>]
    public required string? Kind { get; init; }

    /// <summary>The domain it is of. Absent: it was refused.</summary>
    public required string? Domain { get; init; }

    /// <summary>Who made it. Absent: it was refused.</summary>
    public required string? Reporter { get; init; }

    /// <summary>Its own id. Absent: it was refused.</summary>
    public required string? ReportId { get; init; }

    /// <summary>From when it is. Absent: it was refused.</summary>
    public required DateTimeOffset? Begin { get; init; }

    /// <summary>Until when it is. Absent: it was refused.</summary>
    public required DateTimeOffset? End { get; init; }

    /// <summary>Rows in it. Absent: it was refused.</summary>
    public required int? Sources { get; init; }

    /// <summary>Mails in them. Absent: it is of TLS.</summary>
    public required long? Mails { get; init; }

    /// <summary>Sessions in them. Absent: it is of DMARC.</summary>
    public required long? Sessions { get; init; }

    /// <summary>Whether it had been taken before, and has changed nothing.</summary>
    public required bool Repeat { get; init; }

    /// <summary>Why nothing was taken of it, while another of the same mail was. Absent: it was taken.</summary>
    public required string? Refused { get; init; }

    internal static ReportResponse Of(ReportOutcome outcome) => outcome switch
    {
        ReportTaken(var r) => Of(r, isRepeat: false, refused: null),
        ReportRepeated(var r) => Of(r, isRepeat: true, refused: null),
        ReportRefused(_, var reason) => Of(null, isRepeat: false, reason),
        _ => throw new System.Diagnostics.UnreachableException($"{outcome}"),
    };

    private static ReportResponse Of(ReportSummary? r, bool isRepeat, string? refused) => new()
    {
        Kind = r?.Kind.ToWord(),
        Domain = r?.Domain,
        Reporter = r?.Reporter,
        ReportId = r?.ReportId,
        Begin = r?.Begin,
        End = r?.End,
        Sources = r?.Sources,
        Mails = r is { Kind: ReportKind.Dmarc } ? r.Count : null,
        Sessions = r is { Kind: ReportKind.Tls } ? r.Count : null,
        Repeat = isRepeat,
        Refused = refused,
    };
}

/// <summary><c>POST /v1/reports/dmarc</c> and <c>POST /v1/reports/tls</c>: the body is the file, or the mail.</summary>
internal static class UploadReports
{
    private const string Mail = "message/rfc822";

    public static void MapUploadReports(this IEndpointRouteBuilder app)
    {
        Map(app, "/v1/reports/dmarc", ReportKind.Dmarc, "UploadDmarcReport",
            "Take a DMARC aggregate report (RFC 7489)", "XML, gz or zip");
        Map(app, "/v1/reports/tls", ReportKind.Tls, "UploadTlsReport", "Take a TLS report (RFC 8460)", "JSON or gz");
    }

    private static void Map(
        IEndpointRouteBuilder app, string path, ReportKind kind, string name, string summary, string forms) =>
        app.MapPost(path, (HttpRequest http, Caller caller, DomainReports reports, CancellationToken cancel) =>
                Take(kind, http, caller, reports, cancel))
            .Needs(Scopes.Manage).WithName(name).WithSummary(summary)
            .WithDescription($"The body is the file as it came, {forms}; or, as {Mail}, the mail it came in. One that "
                + "was taken before is answered with 200 and repeat, and changes nothing.")
            .Accepts<string>("application/octet-stream", Mail, "*/*")   // What curl says of a file is of no interest.
            .Produces<ReportsResponse>(201).Produces<ReportsResponse>().Refuses(413, 422);

    private static async Task<IResult> Take(
        ReportKind kind, HttpRequest http, Caller caller, DomainReports reports, CancellationToken cancel)
    {
        if (await Body.Read(http, ReportMailReader.BytesMax, cancel) is not { } body)
            return Problem.Of(RefusalCode.TooLarge, "The report is too large", $"A mail with one may have {ReportMailReader.BytesMax} "
                + $"bytes, a file {ReportBounds.Default.CompressedMax}.");
        if (body.IsEmpty) return Problem.Field("$", "is empty: the body is the report");
        var origin = ReportOrigin.Upload(caller.By);
        var outcome = http.ContentType?.StartsWith(Mail, StringComparison.OrdinalIgnoreCase) == true
            ? await reports.TakeUploadedMailAsync(kind, body, origin, caller.Tenant, cancel)
            : new([await reports.TakeAsync(kind, body, origin, caller.Tenant, cancel)]);
        if (outcome.PutOff is { } later) return Problem.Unavailable(later.Reason);
        if (outcome.Refusal is { } refusal)
            return Problem.Field(refusal.Fault == ReportFault.UnknownDomain ? "domain" : "$", refusal.Reason);
        return Answers.Json(new ReportsResponse([.. outcome.Reports.Select(ReportResponse.Of)]),
            DomainAnswers.Default.ReportsResponse, statusCode: outcome.Reports.Any(r => r is ReportTaken) ? 201 : 200);
    }
}
