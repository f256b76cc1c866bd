using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// A verb that prints a list of the API. One page of it, unless more is asked for; whoever gets less than all is told
/// so.
/// </summary>
internal static class ListVerb
{
    private const int Usual = 50, PageMax = 500;

    /// <param name="path">Of the list, without a query.</param>
    /// <param name="member">Under which the answer has its entries.</param>
    /// <param name="filters">Options whose values go into the query under their names.</param>
    /// <param name="remark">What has to be said beside the last page; null: nothing.</param>
    public static Verb Of(
        string name, string says, Func<Call, string> path, string member, Field[] fields, bool ofTenant = true,
        Option<string?>[]? filters = null, Func<JsonNode, string?>? remark = null)
    {
        var limit = Limit($"At most so many; {Usual} without it");
        var cursor = new Option<string?>("--cursor") { Description = "Go on where an earlier list ended" };
        var all = AllOfThem("All of them, page by page");
        var verb = new Verb(name, says, async call =>
        {
            var left = call.Get(all) ? int.MaxValue : call.Get(limit) ?? Usual;
            var pages = Pages(call, path(call), left, call.Get(cursor), member, [.. Filters(call, filters ?? [])]);
            await Print(call, pages, member, fields, remark);
            return ExitCode.Done;
        })
        { OfTenant = ofTenant, Prints = fields };
        verb.With([.. filters ?? [], limit, cursor, all]);
        Contradict(verb, all, limit);
        return verb;
    }

    public static Option<int?> Limit(string says) => new("--limit") { Description = says };

    public static Option<bool> AllOfThem(string says) => new("--all") { Description = says };

    public static void Contradict(Verb verb, Option<bool> all, Option<int?> limit) => verb.Validators.Add(result =>
    {
        if (result.GetResult(all) is not null && result.GetResult(limit) is not null)
            result.AddError("--all and --limit contradict each other.");
    });

    /// <summary>When it was.</summary>
    public static Option<string?>[] Times(string what) =>
    [
        new("--since") { Description = $"{what} at this time or later: 2026-11-24T08:00:00Z, or 90s, 30m, 2h, 7d ago" },
        new("--until") { Description = $"{what} before this time" },
    ];

    /// <summary>All pages, for a verb that does something with each entry.</summary>
    public static IAsyncEnumerable<Answer> All(
        Call call, string path, string member, params (string Name, string? Value)[] query) =>
        Pages(call, path, int.MaxValue, null, member, query);

    private static async IAsyncEnumerable<Answer> Pages(
        Call call, string path, int left, string? cursor, string member, (string Name, string? Value)[] query)
    {
        do
        {
            var count = Math.Min(left, PageMax).ToString(CultureInfo.InvariantCulture);
            var page = await call.Look(path, [.. query, ("limit", count), ("cursor", cursor)]);
            yield return page;
            left -= page.Json.Rows(member).Count();
            cursor = page.Json.Text("next_cursor");
        }
        while (cursor is not null && left > 0);   // A page can be empty and yet not the last.
    }

    private static async Task Print(
        Call call, IAsyncEnumerable<Answer> pages, string member, Field[] fields, Func<JsonNode, string?>? remark)
    {
        var kept = new List<Answer>();   // A table is as wide as its widest row, and JSON is one document.
        JsonNode? last = null;
        await foreach (var page in pages)
        {
            last = page.Json;
            if (call.Print.Output is Output.Tabs or Output.JsonLines) call.Print.List(page, member, fields);
            else kept.Add(page);
        }
        if (call.Print.Output == Output.Json) call.Print.Json(Merged(kept, member));
        else if (call.Print.Output == Output.Table)
            call.Print.Rows([.. kept.SelectMany(p => p.Json.Rows(member))], fields, Field.Words(member));
        if (last is not null && remark?.Invoke(last) is { } said) call.Print.Note(said);
        if (last.Text("next_cursor") is { } next) call.Print.Note($"There are more: --all, or --cursor {next}");
    }

    /// <summary>The last page, with the entries of all: one page stays as the server wrote it.</summary>
    private static string Merged(List<Answer> pages, string member)
    {
        if (pages is [var one]) return one.Text;
        var all = pages[^1].Json.AsObject();
        all[member] = new JsonArray([.. pages.SelectMany(p => p.Json.Rows(member)).Select(n => n.DeepClone())]);
        return all.ToJsonString();
    }

    private static IEnumerable<(string Name, string? Value)> Filters(Call call, Option<string?>[] options) =>
        options.Select(option => (ApiNames.FieldOf(option), call.Get(option) is { } value && IsTime(option)
            ? Moments.Read(value, call.Now) : call.Get(option)));

    private static bool IsTime(Option option) => option.Name is "--since" or "--until";
}
