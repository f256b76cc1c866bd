using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail ledgers list|move</c>: where each partition of messages lives.</summary>
internal static class LedgersVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Number("ledger"), Field.Text("node"), Field.Number("unfinished"), Field.Number("lag"),
        Field.Number("commit_p99_seconds", "Commit p99, s"),
    ];

    public static Command Create() => new("ledgers", "The partitions of messages, and the nodes they live on.") { List(), Move() };

    private static Verb List() => new("list", "List the ledgers: where each lives, and how it fares.", async call =>
    {
        Print(call, await call.Look("v1/cluster"));
        return ExitCode.Done;
    })
    { Prints = Columns };

    private static Verb Move()
    {
        var ledger = new Argument<string>("ledger") { Description = "Its number, from 0" };
        var to = new Option<string>("--to") { Description = "The address, host and port, or name of a node", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, for whoever asks later", Required = true };
        return new Verb("move", "Let a ledger live on another node, until nodes come or go. It moves at a commit, within seconds.",
            async call =>
        {
            Print(call, await call.Order(HttpMethod.Post, $"v1/cluster/ledgers/{call.Part(ledger)}/move", call.Body(to, reason)));
            return ExitCode.Done;
        })
        { Prints = Columns }.With(ledger, to, reason);
    }

    private static void Print(Call call, Answer answer)
    {
        if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
        else call.Print.Rows([.. answer.Json.Rows("ledgers")], Columns, "ledgers");
    }
}
