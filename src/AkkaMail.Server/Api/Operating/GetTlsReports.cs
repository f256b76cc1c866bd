using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tls;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Operating;

/// <summary>How the encryption of a day's sessions went on all nodes (RFC 8460 §4).</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Domains">By the domain whose policy it was.</param>
/// <param name="Dropped">Sessions that were beyond the bound, and are not in it.</param>
/// <param name="SilentNodes">Nodes that did not answer within a second: what they counted is missing. Absent: all
/// answered.</param>
public sealed record TlsDayResponse(
    DateOnly Day, IReadOnlyList<TlsDomainResponse> Domains, long Dropped, IReadOnlyList<string>? SilentNodes)
{
    public static TlsDayResponse Of(DateOnly day, NodeAnswers<ImmutableArray<TlsDayPage>> all)
    {
        var sum = TlsDays.Sum(day, all);
        return new(sum.Day, [.. sum.Domains.Select(TlsDomainResponse.Of)], sum.Dropped,
            all.Silent.IsEmpty ? null : [.. all.Silent]);
    }
}

/// <summary>Sessions with the hosts of a domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="PolicyType">The kind of its policy, as <c>sts</c> (RFC 8460 §4.2).</param>
/// <param name="Policy">Its MTA-STS policy. Absent: it has none.</param>
/// <param name="Successful">Sessions with the encryption the policy asks for.</param>
/// <param name="Failed">Sessions without.</param>
/// <param name="Failures">The same by result and host.</param>
public sealed record TlsDomainResponse(
    string Domain, string PolicyType, TlsPolicyResponse? Policy, long Successful, long Failed,
    IReadOnlyList<TlsFailureResponse> Failures)
{
    public static TlsDomainResponse Of(TlsDomain d) => new(
        d.Domain, d.PolicyType, d.Policy is { } p ? TlsPolicyResponse.Of(p) : null, d.Successful,
        d.Failures.Sum(f => f.Count),
        [.. d.Failures.Select(f => new TlsFailureResponse(f.Result.ToWord(), f.MxHost, f.Count))]);
}

/// <summary>An MTA-STS policy (RFC 8461 §3.2).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mode">What it asks for.</param>
/// <param name="Mx">The hosts it names.</param>
/// <param name="MaxAge">How long it holds, in seconds.</param>
public sealed record TlsPolicyResponse(
    string Id, [WordsOf<StsMode>] string Mode, IReadOnlyList<string> Mx, long MaxAge)
{
    public static TlsPolicyResponse Of(StsPolicy p) =>
        new(p.Id, p.Mode.ToWord(), p.Mx, (long)p.MaxAge.TotalSeconds);
}

/// <summary>Sessions that failed the same way.</summary>
/// <param name="Result">How (RFC 8460 §4.3).</param>
/// <param name="MxHost">The host. Absent: there was none.</param>
/// <param name="Count">How many.</param>
public sealed record TlsFailureResponse(
    [WordsOf<TlsResult>] string Result, string? MxHost, long Count);

/// <summary><c>GET /v1/tls-reports?day=2026-11-24</c>: what the reports of that day would say.</summary>
internal static class GetTlsReports
{
    public static void MapTlsReports(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/tls-reports", Get).WithName("GetTlsReports")
            .WithSummary("How the encryption of a day's sessions went, by domain")
            .WithDescription("Of all nodes together. day is a UTC day, today without it. Kept in memory for today and the two "
                + "days before; what a node that has ended counted is gone with it.")
            .Produces<TlsDayResponse>().Refuses(422);

    /// <param name="day">The UTC day. Left out: today. Kept are today and the two days before.</param>
    private static async Task<IResult> Get(
        ActorSystem system, TimeProvider time, CancellationToken cancel, [DataType(DataType.Date)] string? day = null)
    {
        var asked = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (day is not null && !DateOnly.TryParseExact(
            day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out asked))
            return Problem.Field("day", "is not a day: write 2026-11-24");
        var all = await EveryNode.Ask<TlsDayPage>(system, TlsDays.Name, new ReadTlsDay(asked), TlsDays.AskOn, cancel);
        return Answers.Json(TlsDayResponse.Of(asked, all), OperatingAnswers.Default.TlsDayResponse);
    }
}
