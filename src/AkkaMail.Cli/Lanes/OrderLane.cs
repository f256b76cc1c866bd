using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Lanes;

/// <summary>Orders to a lane; each shows the lane as it is then.</summary>
internal static class OrderLane
{
    public static Command Suspend(SharedOptions shared, Terminal terminal) => Order(
        shared, terminal, "suspend", "suspend", "Stop a lane, or a tenant or stream on it. Its mail waits.",
        Text("note", "Why; needed"), Text("for", "How long, as in 2h; without it until it is resumed"),
        Text("scope", "lane (default), tenant or stream"), Text("tenant", "The tenant of the scope"),
        Text("stream", "The stream of the scope"));

    public static Command Resume(SharedOptions shared, Terminal terminal) => Order(
        shared, terminal, "resume", "resume", "Lift what stops a lane, whoever ordered it.", Note());

    public static Command Limit(SharedOptions shared, Terminal terminal) => Order(
        shared, terminal, "limit", "limit", "Limit a lane beside all other limits, in place of your earlier limit.",
        Text("note", "Why; needed, but not to lift"), Text("rate", "As in 10/min"),
        new Option<int?>("--connections") { Description = "1 to 5000" },
        Text("for", "How long, as in 2h; without it until it is lifted"),
        new Option<bool?>("--lift") { Description = "Remove the earlier limit", Arity = ArgumentArity.ZeroOrOne });

    public static Command WarmUp(SharedOptions shared, Terminal terminal) =>
        new("warm-up", "A new source's plan: so much a day, more each day.")
        {
            Order(shared, terminal, "start", "warm-up/start", "Begin a plan.",
                Text("plan", "A plan of the shaping file or a shipped one")),
            Order(shared, terminal, "pause", "warm-up/pause", "Stop where it is; nothing is sent meanwhile.", Note()),
            Order(shared, terminal, "resume", "warm-up/resume", "Go on.", Note()),
            Order(shared, terminal, "complete", "warm-up/complete", "End it: the lane is warm.", Note()),
        };

    private static Command Order(
        SharedOptions shared, Terminal terminal, string name, string path, string says, params Option[] fields)
    {
        var lane = new LaneArguments();
        var command = new Command(name, says);
        var isNew = new Option<bool>("--new") { Description = "Also to a site that no mail has gone to yet" };
        command.Options.Add(isNew);
        lane.AddTo(command);
        foreach (var option in fields) command.Options.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var body = new JsonObject();
            foreach (var option in fields)
                if (Value(parsed, option) is { } value) body[option.Name.TrimStart('-')] = value;
            var answer = await api.Json(HttpMethod.Post,
                $"{lane.Path(parsed)}/{path}{(parsed.GetValue(isNew) ? "?new=true" : "")}", cancel, body.ToJsonString());
            ShowLane.Write(answer, shared.IsJson(parsed), terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static JsonValue? Value(ParseResult parsed, Option option) => option switch
    {
        Option<string?> text => parsed.GetValue(text) is { } value ? JsonValue.Create(value) : null,
        Option<int?> number => parsed.GetValue(number) is { } value ? JsonValue.Create(value) : null,
        Option<bool?> flag => parsed.GetValue(flag) is { } value ? JsonValue.Create(value) : null,
        _ => throw new InvalidOperationException($"{option.Name} has no value in JSON"),
    };

    private static Option<string?> Note() => Text("note", "Why; kept in the lane's history");

    private static Option<string?> Text(string name, string says) => new("--" + name) { Description = says };
}
