using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Suppression;

/// <summary>
/// <c>akkamail suppressions undo</c>: takes off what a mistaken rule, a broken source or a mad site has put on. What it
/// would be is shown first.
/// </summary>
internal static class UndoVerb
{
    public static Verb Create()
    {
        var causes = SuppressionsVerbs.Causes();
        var times = ListVerb.Times("Added");
        // No --reason beside it: here that is why an entry was added.
        var note = new Option<string?>("--note") { Description = "Why, for people" };
        var dry = new Option<bool>("--dry-run") { Description = "Only show what it would be" };
        var yes = Confirmation.Option();
        return new Verb("undo", "Take all entries with a common cause off the list.", async call =>
        {
            var body = call.Body([.. causes, note]);
            foreach (var (name, option) in new[] { ("from", times[0]), ("to", times[1]) })
                if (call.Get(option) is { } text) body[name] = Moments.Read(text, call.Now);
            var plan = await Ask(call, body, isDry: true);
            var count = plan.Json.Number("entries") ?? 0;
            if (call.Get(dry)) return Shown(call, plan);
            if (count == 0) return Nothing(call);
            // What it would be stands above the question.
            if (!call.Get(yes) && call.Terminal.Asks) Shown(call, plan);
            call.Ask(yes, $"{count.ToString("#,0", CultureInfo.InvariantCulture)} entries are taken off.");
            var done = await Ask(call, body, isDry: false);
            if (call.Print.IsJson) call.Print.Json(done.Text);
            else
                call.Print.Say($"{done.Json.Text("lifted")} entries are taken off, as {done.Json.Text("undo")}.",
                    ("lifted", done.Json.Text("lifted")), ("undo", done.Json.Text("undo")));
            return ExitCode.Done;
        })
        { OfTenant = true }.With([.. causes, .. times, note, dry, yes]);
    }

    private static Task<Answer> Ask(Call call, JsonObject body, bool isDry)
    {
        var request = body.DeepClone().AsObject();
        request["dry_run"] = isDry;
        return call.Order(HttpMethod.Post, "v1/suppressions/undo", request);
    }

    private static int Shown(Call call, Answer plan)
    {
        call.Print.List(plan, "sample", SuppressionsVerbs.Columns);
        if (!call.Print.IsJson) call.Print.Note($"{plan.Json.Text("entries")} entries, the newest of them above.");
        return ExitCode.Done;
    }

    private static int Nothing(Call call)
    {
        call.Print.Note("No entry has that cause.");
        return ExitCode.Done;
    }
}
