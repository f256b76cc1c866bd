using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Suppression;

/// <summary><c>akkamail suppressions add ADDRESS…</c></summary>
internal static class AddSuppressions
{
    public static Verb Create()
    {
        var targets = new Argument<string[]>("addresses")
        {
            Description = "Addresses, or whole domains as @example.net",
            Arity = ArgumentArity.OneOrMore,
        };
        var stream = new Option<string?>("--stream") { Description = "Only for mail of this stream. Default: all" };
        var isGlobal = new Option<bool>("--global") { Description = "For every tenant; needs a key with all rights" };
        var note = SharedOptions.Note("Why, for people");
        var expires = new Option<string?>("--expires-at")
        {
            Description = "Until when, as 2030-01-31T08:00:00Z, or in 7d",
        };
        var verb = new Verb("add", "Send nothing to these addresses or domains any more.", async call =>
        {
            JsonObject Entry(string target)
            {
                var entry = call.Body(stream, note);
                entry[target[0] == '@' ? "domain" : "address"] = target.TrimStart('@');
                if (call.Get(isGlobal)) entry["scope"] = "global";
                else if (call.Has(stream)) entry["scope"] = "stream";
                if (call.Get(expires) is { } at) entry["expires_at"] = Moments.Read(at, call.Now, isAhead: true);
                return entry;
            }

            var body = new JsonObject { ["entries"] = new JsonArray([.. call.Get(targets).Select(Entry)]) };
            var answer = await call.Order(HttpMethod.Post, "v1/suppressions", body);
            var (added, known) = (answer.Json.Text("added"), answer.Json.Text("known"));
            if (call.Print.IsJson) call.Print.Json(answer.Text);
            else
                call.Print.Say(known == "0" ? $"{added} added." : $"{added} added, {known} were there already.",
                    ("added", added), ("known", known));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(targets, stream, isGlobal, note, expires);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(isGlobal) && result.GetResult(stream) is not null)
                result.AddError("--global and --stream contradict each other.");
        });
        return verb;
    }
}
