using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Bounces;

/// <summary><c>akkamail bounces list|show|reread|parse|classify</c>.</summary>
internal static class BouncesVerbs
{
    /// <summary>What the server takes in one call.</summary>
    private const int RepliesMax = 1_000;

    private static readonly Field[] Parsed =
    [
        Field.Text("file").Cut(), Field.Text("kind"), Field.Text("recipient").Cut(),
        Field.Text("reason"), Field.State("bounce"), Field.Text("status"), Field.Text("feedback_type", "Feedback"),
        Field.Text("rule").Extra(), Field.Text("reply", "The receiver said").Wrap(),
    ];

    private static readonly Field[] Classified =
    [
        Field.Text("category"), Field.State("bounce"), Field.Text("reason"), Field.Text("fault"),
        Field.Text("rule").Extra(), Field.Text("reply").Wrap(),
    ];

    public static Command Create() => new("bounces", "What bounces and replies mean, and what came in.")
    {
        ReturnedVerbs.List(), ReturnedVerbs.Show(), ReturnedVerbs.Reread(), Parse(), Classify(),
    };

    private static Verb Parse()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Mails as they came, one a file; - reads one from standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Verb("parse", "Show what bounce mails say about which recipients.", async call =>
        {
            var rows = new List<JsonNode>();
            foreach (var file in call.Get(files))
            {
                var mail = await InputFile.Bytes(file, call);
                var answer = await call.Api.Post("v1/bounces/parse", mail, "message/rfc822", call.Cancel);
                if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
                foreach (var result in answer.Json.Rows("results").Select(r => r.DeepClone().AsObject()))
                {
                    result["file"] = file;
                    rows.Add(result);
                }
            }
            if (call.Print.Output != Output.Json) call.Print.Rows(rows, Parsed, "results");
            return ExitCode.Done;
        })
        { OfTenant = true, Prints = Parsed }.With(files);
    }

    private static Verb Classify()
    {
        var replies = new Argument<string[]>("replies")
        {
            Description = "Replies as they stand in a log; without any, the lines of standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Verb("classify", "Say what SMTP replies mean.", async call =>
        {
            var all = call.Get(replies) is { Length: > 0 } given ? given
                : (await call.Terminal.In.ReadToEndAsync(call.Cancel)).Split('\n', StringSplitOptions.TrimEntries);
            var rows = new List<JsonNode>();
            foreach (var some in all.Where(reply => !string.IsNullOrWhiteSpace(reply)).Chunk(RepliesMax))
            {
                var body = new JsonObject { ["replies"] = new JsonArray([.. some.Select(r => JsonValue.Create(r))]) };
                var answer = await call.Order(HttpMethod.Post, "v1/bounces/classify", body);
                if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
                else rows.AddRange(answer.Json.AsArray().OfType<JsonNode>());
            }
            if (call.Print.Output != Output.Json) call.Print.Rows(rows, Classified, "replies");
            return ExitCode.Done;
        })
        { OfTenant = true, Prints = Classified }.With(replies);
    }
}
