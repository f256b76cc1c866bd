using System.CommandLine;

namespace AkkaMail.Cli.Lanes;

/// <summary>
/// <c>akkamail lanes history SOURCE SITE</c>: time, type, what, rule, and the reply, or who ordered it and why; newest
/// first.
/// </summary>
internal static class LaneHistory
{
    private static readonly (string Name, string Says)[] Filters =
    [
        ("type", "One or more types, with commas between them, as in rate_changed,hold_began"),
        ("from", "Not before this time (RFC 3339)"), ("to", "Before this time (RFC 3339)"),
        ("limit", "At most so many, 1 to 500; 50 without it"),
    ];

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var lane = new LaneArguments();
        var command = new Command("history", "Show what changed a lane and why, newest first.");
        lane.AddTo(command);
        var filters = Filters.Select(f => new Option<string?>("--" + f.Name) { Description = f.Says }).ToList();
        foreach (var option in filters) command.Options.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var query = string.Join('&', filters.Zip(Filters)
                .Select(f => (f.Second.Name, Value: parsed.GetValue(f.First))).Where(f => f.Value is not null)
                .Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
            var path = $"{lane.Path(parsed)}/history";
            var answer = await api.Json(HttpMethod.Get, query.Length == 0 ? path : $"{path}?{query}", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var e in answer.Json["events"]!.AsArray())
                    terminal.Line(e.Text("at"), e.Text("type"), LaneWords.Event(e), e.Text("rule"),
                        LaneWords.Reply(e!["cause"])
                            ?? (e.Text("by") is { } by ? $"{by}: {e.Text("note")}" : e.Text("note")));
            return ExitCode.Ok;
        });
        return command;
    }
}
