using AkkaMail.Core.Ids;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.History;

/// <summary>A page of a list.</summary>
/// <param name="Rules">A page of rules without their texts, the newest first.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record RulesListResponse(IReadOnlyList<RulesResponse> Rules, string? NextCursor);

/// <summary>Rules under the version that events name.</summary>
/// <param name="Kind">What they are about.</param>
/// <param name="Version">Their version.</param>
/// <param name="FirstSeen">When a node went by them first.</param>
/// <param name="Node">The node that did.</param>
/// <param name="Over">The version of the shipped rules they were read over. Absent: they are the shipped ones.</param>
/// <param name="Current">Whether this node goes by them now.</param>
/// <param name="Text">The file as it was written, a proxy's password as <c>***</c>. Absent in a list.</param>
public sealed record RulesResponse(
    [WordsOf<RulesKind>] string Kind, string Version, DateTimeOffset FirstSeen, string Node, string? Over,
    bool Current, string? Text)
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
            .WithDescription("A tenant's key sees those about bounces alone.")
            .Produces<RulesListResponse>().Refuses(422);
        app.MapGet("/v1/rules/{kind}/{version}", Get).Needs(Scopes.Read).WithName("GetRules")
            .WithSummary("The text of rules by the version that events name")
            .WithDescription("Kept for ever, and before the first event that names it. With 'over', it was read over "
                + "the shipped text of that version.")
            .Produces<RulesResponse>().Refuses(404);
    }

    /// <param name="kind">Those about this. A tenant's key sees <c>bounces</c> alone.</param>
    private static async Task<IResult> List(
        Caller caller, HistoryStore history, IEnumerable<RulesFile> files, CancellationToken cancel,
        [WordsOf<RulesKind>] string? kind = null, string? limit = null, string? cursor = null)
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
            found.Count > count ? ListQuery.Cursor(found[count - 1].Number) : null),
            HistoryAnswers.Default.RulesListResponse);
    }

    /// <param name="kind">What the rules are about.</param>
    /// <param name="version">Their version, as events name it.</param>
    private static async Task<IResult> Get(
        [WordsOf<RulesKind>] string kind, string version, Caller caller, HistoryStore history,
        IEnumerable<RulesFile> files, CancellationToken cancel) =>
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
