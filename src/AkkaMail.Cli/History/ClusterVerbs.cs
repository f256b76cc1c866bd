using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail cluster show|leave|down|history</c>: the nodes, and what an operator orders of them.</summary>
internal static class ClusterVerbs
{
    private static readonly Field[] Lives =
    [
        Field.Text("node").Cut(), Field.Text("program").Cut(), Field.Text("settings").Extra(),
        Field.Time("started_at"), Field.Time("seen_at"), Field.State("end"),
        Field.Text("rules", of: Rules).Cut(),
    ];

    private static readonly Field[] Nodes =
    [
        Field.Text("node"), Field.Text("name"), Field.State("state"), Field.Number("ledgers"),
        Field.Text("version").Cut(), Field.Text("rules").Cut(), Field.Number("skew_seconds", "Skew, s"), Field.Time("started_at").Extra(),
        Field.Time("seen_at"),
    ];

    public static Command Create() => new("cluster", "The nodes of the installation.")
    {
        Show(),
        Order("leave", "Let a node end as at SIGTERM: attempts end, its ledgers move, nothing is in doubt.",
            "The node ends, and is started again by whoever starts it."),
        Order("down", "Take a node that does not answer for dead: its ledgers begin elsewhere at once.",
            "If it does live, it ends itself, and what it has under way may go twice."),
        ListVerb.Of("history", "List starts and ends of nodes, newest first, and the rules each went by last.",
            _ => "v1/cluster/history", "nodes", Lives, ofTenant: false),
    };

    private static Verb Show() => new("show", "List the nodes, as the one that is asked sees them.", async call =>
    {
        var answer = await call.Look("v1/cluster");
        Print(call, answer);
        return ExitCode.Done;
    })
    { Prints = Nodes };

    private static Verb Order(string verb, string says, string loses)
    {
        var node = new Argument<string>("node") { Description = "Its address, its host and port, or its name in the shaping file" };
        var reason = new Option<string>("--reason") { Description = "Why, for whoever asks later", Required = true };
        var yes = Confirmation.Option();
        return new Verb(verb, says, async call =>
        {
            call.Ask(yes, loses, isForGood: false);
            var named = Call.Part(call.Get(node)!.Split('@')[^1]);   // Of an address, as show prints it, host and port are enough.
            Print(call, await call.Order(HttpMethod.Post, $"v1/cluster/nodes/{named}/{verb}", call.Body(reason)));
            return ExitCode.Done;
        })
        { Prints = Nodes }.With(node, reason, yes);
    }

    private static void Print(Call call, Answer answer)
    {
        if (call.Print.Output == Output.Json) { call.Print.Json(answer.Text); return; }
        call.Print.Rows([.. answer.Json.Rows("nodes")], Nodes, "nodes");
        foreach (var warning in answer.Json["warnings"]?.AsArray() ?? []) call.Print.Note((string)warning!);
    }

    /// <summary>The last of each kind.</summary>
    private static string Rules(JsonNode node) => string.Join(' ', node.Rows("rules").GroupBy(r => r.Text("kind"))
        .Select(kind => $"{kind.Key}={kind.Last().Text("version")}"));
}
