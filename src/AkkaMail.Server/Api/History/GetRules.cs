using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.History;

public sealed record RulesListResponse(IReadOnlyList<RulesResponse> Rules, string? NextCursor);

/// <summary>
/// Rules under the version that events name. <paramref name="Over"/> is the version of the shipped ones below them;
/// none: they are shipped. <paramref name="Current"/>: this node goes by them now. <paramref name="Text"/> is the file
/// as it was written, a proxy's password as <c>***</c>; in a list it is absent.
/// </summary>
public sealed record RulesResponse(
    string Kind, string Version, DateTimeOffset FirstSeen, string Node, string? Over, bool Current, string? Text)
{
    public static RulesResponse Of(KeptRules kept, bool isCurrent, bool withText) => new(
        kept.Text.Kind.ToWord(), kept.Text.Version, kept.FirstSeen, kept.Node, kept.Text.Over, isCurrent,
        withText ? kept.Text.Text : null);
}

/// <summary>
/// <c>GET /v1/rules</c> and <c>GET /v1/rules/{kind}/{version}</c>: the texts behind the versions of stories and lanes.
/// A tenant sees those of its stories; the ways and limits of the installation are in the others.
/// </summary>
internal static class GetRules
{
    public static void MapRules(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/rules", List).Needs(Scopes.Read).WithName("ListRules")
            .WithSummary("Rules that have ever held, without their texts, newest first")
            .WithDescription("kind is shaping or bounces, limit is 1 to 500. A tenant's key sees bounces alone.")
            .Produces<RulesListResponse>().Refuses(422);
        app.MapGet("/v1/rules/{kind}/{version}", Get).Needs(Scopes.Read).WithName("GetRules")
            .WithSummary("The text of rules by the version that events name")
            .WithDescription("Kept for ever, and before the first event that names it. With 'over', it was read over "
                + "the shipped text of that version.")
            .Produces<RulesResponse>().Refuses(404);
    }

    private static async Task<IResult> List(
        Caller caller, HistoryStore history, IEnumerable<RulesFile> files, CancellationToken cancel,
        string? kind = null, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var asked = ListQuery.Word<RulesKind>("kind", kind, errors);
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Number(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        if (asked is { } one && !IsSeenBy(caller, one)) return Answers.Json(
            new RulesListResponse([], null), HistoryAnswers.Default.RulesListResponse);
        if (!IsSeenBy(caller, RulesKind.Shaping)) asked = RulesKind.Bounces;
        var found = await history.Rules(asked, before, count + 1, cancel);
        return Answers.Json(new RulesListResponse(
            [.. found.Take(count).Select(r => RulesResponse.Of(r, IsCurrent(files, r.Text), withText: false))],
            found.Count > count ? found[count - 1].Number.ToString(CultureInfo.InvariantCulture) : null),
            HistoryAnswers.Default.RulesListResponse);
    }

    private static async Task<IResult> Get(
        string kind, string version, Caller caller, HistoryStore history, IEnumerable<RulesFile> files,
        CancellationToken cancel) =>
        Words.Parse<RulesKind>(kind) is { } known && IsSeenBy(caller, known)
            && await history.Find(known, version, cancel) is { } found
            ? Answers.Json(RulesResponse.Of(found, IsCurrent(files, found.Text), withText: true),
                HistoryAnswers.Default.RulesResponse)
            : Problem.Of(RefusalCode.NotFound, "There are no such rules",
                "GET /v1/rules has the kinds and versions; what was before a history that was lost is not there.");

    private static bool IsSeenBy(Caller caller, RulesKind kind) => kind == RulesKind.Bounces || caller.ReadsAll;

    private static bool IsCurrent(IEnumerable<RulesFile> files, RulesText text) =>
        files.Any(f => f.Texts[^1] is var now && now.Kind == text.Kind && now.Version == text.Version);
}
