using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Domains;

/// <summary>
/// <c>akkamail doctor</c>: what receivers ask of the sources and of every domain, and what to do about it. It ends with
/// <see cref="ExitCode.Found"/> when a rule fails, so that a job can watch.
/// </summary>
internal static class DoctorVerb
{
    private static readonly Field[] Columns =
    [
        Field.Text("domain", of: r => r.Text("domain") ?? "-").ForPrograms(), Field.State("state"),
        Field.Text("rule"),
        Field.Text("seen").ForPrograms(), Field.Text("what_to_do").ForPrograms(),
        Field.ForPeople("What is seen, and what to do", Seen).Wrap(),
        new Field("source", "Asked by", (rule, _) => new(rule.Text("source") ?? "", Askers(rule))).Cut().Extra(),
    ];

    /// <summary>Letters of a word. Longer ones are keys that nobody reads: <c>domains zone</c> has them.</summary>
    private const int WordMax = 40;

    public static Verb Create()
    {
        var only = new Argument<string[]>("domains")
        {
            Description = "Only these domains; without any, the sources and all domains",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Verb("doctor", "Check sources and domains by the rules of Gmail, Yahoo and Outlook.", async call =>
        {
            var answers = new List<JsonNode>();
            var missed = "no domain";
            if (call.Get(only) is { Length: > 0 } asked)
                foreach (var domain in asked) answers.Add(await Of(call, domain));
            else
            {
                if (await Sources(call) is { } sources)
                {
                    answers.Add(sources);
                    missed = "no source with an address, and no domain";
                }
                await foreach (var page in ListVerb.All(call, "v1/domains", "domains"))
                    foreach (var domain in page.Json.Rows("domains"))
                        answers.Add(await Of(call, domain.Text("domain")!));
            }
            var rules = answers.SelectMany(Rules).ToList();
            if (call.Print.Output == Output.Json)
                call.Print.Json(new JsonObject { ["checks"] = new JsonArray([.. answers.Select(a => a.DeepClone())]) });
            else
                foreach (var of in rules.GroupBy(r => r.Text("domain")))
                {
                    call.Print.Title(of.Key ?? "Sources");
                    call.Print.Rows([.. of], Columns);
                }
            if (rules.Count == 0) call.Print.Note($"Nothing was checked: there is {missed}.");
            return rules.Exists(r => r.Text("state") == "failed") ? ExitCode.Found : ExitCode.Done;
        })
        { OfTenant = true, Finds = "a rule has failed", Prints = Columns }.With(only);
    }

    /// <summary>Of <c>Gmail, Email sender guidelines; Yahoo, Sender best practices</c> who they are.</summary>
    private static string Askers(JsonNode rule) =>
        string.Join(", ", (rule.Text("source") ?? "").Split("; ").Select(source => source.Split(", ")[0]));

    private static Cell Seen(JsonNode rule, DateTimeOffset now) => new("", Short(rule.Text("seen")) ?? "")
    {
        Below = Short(rule.Text("what_to_do")) is { } advice ? $"→ {advice}" : null,
    };

    private static string? Short(string? text) => text is null ? null : string.Join(' ',
        text.Split(' ').Select(word => word.Length > WordMax ? $"{word[..(WordMax / 2)]}…" : word));

    /// <summary>Null: they are the installation's, and the key is a tenant's.</summary>
    private static async Task<JsonNode?> Sources(Call call)
    {
        try { return (await call.Look("v1/readiness")).Json; }
        catch (RefusedException e) when (e.Status == 403)
        {
            call.Print.Note("The sources are not looked at: that needs a key with all rights.");
            return null;
        }
    }

    private static async Task<JsonNode> Of(Call call, string domain) =>
        (await call.Look($"v1/domains/{Call.Part(domain)}/readiness")).Json;

    private static IEnumerable<JsonNode> Rules(JsonNode answer) => answer.Rows("rules").Select(rule =>
    {
        var row = rule.DeepClone().AsObject();
        row["domain"] = answer.Text("domain");
        return row;
    });
}
