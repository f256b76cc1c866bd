using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Suppression;

/// <summary><c>akkamail suppressions list|show|add|remove|import|export|undo</c>.</summary>
internal static class SuppressionsVerbs
{
    internal static readonly Field[] Columns =
    [
        Field.Text("id"), Field.Text("address", of: Target).Cut(),
        Field.Text("scope", of: Scope).Cut(),
        Field.State("origin"), Field.State("reason").Cut().Extra(),
        Field.Time("at", "Since"), Field.Time("expires_at", "Until"), Field.Text("by").Extra(),
        Field.Text("because", of: e => e.Text("reply") ?? e.Text("note")).Cut().Extra(),
    ];

    private static readonly View Entry = new(
        [
            Field.Text("id"), Field.Text("address", of: Target), Field.Text("scope", of: Scope), Field.Text("tenant"),
            Field.State("origin"), Field.State("reason"), Field.Text("reply", "The receiver said"), Field.Text("rule"),
            Field.Text("version", "Of rules"), Field.Text("cause", "Because of message"), Field.Text("source"),
            Field.Text("site"), Field.Text("note"), Field.Text("by"), Field.Time("at", "Since"),
            Field.Time("expires_at", "Until"),
        ],
        new ViewSection("event", "What happened to it", e => e.Rows("events"),
        [
            Field.Time("at", "When"), Field.State("type", "What"), Field.Text("by"), Field.Text("undo"),
            Field.Text("note").Wrap(),
        ]));

    public static Command Create() => new("suppressions", "Whom nothing is sent to, and why.")
    {
        List(), Show(), AddSuppressions.Create(), Remove(), SuppressionFiles.Import(), SuppressionFiles.Export(),
        UndoVerb.Create(),
    };

    private static Verb List() => ListVerb.Of(
        "list", "List whom nothing is sent to, newest first.", _ => "v1/suppressions", "suppressions", Columns,
        filters:
        [
            new("--address") { Description = "The whole address" },
            new("--domain") { Description = "A whole domain that is suppressed" },
            new("--scope") { Description = "global, tenant or stream" },
            new("--stream") { Description = "Of this stream" },
            new("--origin") { Description = "manual, import, hard_bounce, soft_bounces, complaint or unsubscribe" },
            .. Causes(), .. ListVerb.Times("Added"),
        ]);

    /// <summary>What led to an entry.</summary>
    internal static Option<string?>[] Causes() =>
    [
        new("--rule") { Description = "Added by this rule of the bounce rules" },
        new("--reason") { Description = "Added for this reason, as in unknown_user" },
        new("--source") { Description = "Because of mail from this source" },
        new("--site") { Description = "Because of mail to this site" },
    ];

    private static Verb Show()
    {
        var id = new Argument<string>("entry") { Description = "An entry's id, or an address" };
        return new Verb("show", "Show an entry, or all that keep an address from its mail.", async call =>
        {
            foreach (var one in await Ids(call, call.Get(id)))
                call.Print.Show(await call.Look($"v1/suppressions/{one}"), Entry);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id);
    }

    private static Verb Remove()
    {
        var entries = new Argument<string[]>("entries")
        {
            Description = "Ids of entries, or addresses: of one, all its entries",
            Arity = ArgumentArity.OneOrMore,
        };
        var note = SharedOptions.Note("Why; kept in each entry's history");
        var yes = Confirmation.Option();
        return new Verb("remove", "Take entries off the list: mail is sent there again.", async call =>
        {
            var ids = new List<string>();
            foreach (var entry in call.Get(entries)) ids.AddRange(await Ids(call, entry));
            if (ids.Count > 1) call.Ask(yes, $"Mail is sent again to what these {ids.Count} entries name.");
            foreach (var id in ids)
            {
                await call.Remove($"v1/suppressions/{id}", note);
                call.Print.Say($"Entry {id} is removed.", ("id", id), ("state", "removed"));
            }
            return ExitCode.Done;
        })
        { OfTenant = true }.With(entries, note, yes);
    }

    /// <summary>Of an entry: itself. Of an address: whatever is there for it.</summary>
    private static async Task<IReadOnlyList<string>> Ids(Call call, string entry)
    {
        if (!entry.Contains('@', StringComparison.Ordinal)) return [Call.Part(entry)];
        var found = await call.Look("v1/suppressions", ("address", entry), ("limit", "500"));
        string[] ids = [.. found.Json.Rows("suppressions").Select(e => e.Text("id")!)];
        if (ids.Length == 0) call.Print.Note($"Nothing keeps {entry} from its mail.");
        return ids;
    }

    private static string? Target(JsonNode e) =>
        e.Text("address") ?? (e.Text("domain") is { } domain ? $"@{domain}" : null);

    private static string? Scope(JsonNode e) =>
        e.Text("scope") is "stream" ? $"stream {e.Text("stream")}" : e.Text("scope");
}
