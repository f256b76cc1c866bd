using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Lanes;

/// <summary><c>akkamail lanes show SOURCE SITE</c>: a name and a value each line.</summary>
internal static class ShowLane
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var lane = new LaneArguments();
        var command = new Command("show", "Show a lane and why it runs at its rate. Each line is a name and a value.");
        lane.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get, lane.Path(parsed), cancel);
            Write(answer, shared.IsJson(parsed), terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    public static void Write(Answer answer, bool isJson, Terminal terminal)
    {
        if (isJson) terminal.Out.WriteLine(answer.Text);
        else Write(answer.Json, terminal);
    }

    private static void Write(JsonNode lane, Terminal terminal)
    {
        terminal.Line("lane", lane.Text("source"), lane.Text("site"));
        terminal.Line("state", lane.Text("state"));
        terminal.Line("rate", LaneWords.Rate(lane), $"configured {lane["configured_rate"].Text("text") ?? "no bound"}");
        terminal.Line(
            "connections", LaneWords.Connections(lane), $"configured {lane["connections"].Text("configured")}");
        foreach (var name in (string[])["depth", "at_hand", "credit", "eta"])
            if (lane.Text(name) is { } value) terminal.Line(name, value);
        if (lane["why"] is { } why)
            terminal.Line("why", why.Text("rule"), LaneWords.Reply(why["cause"]) ?? why.Text("note"),
                why["cause"].Text("at"), why["cause"].Text("message_id"));
        if (lane["next_step"] is { } step) terminal.Line("next_step", step.Text("at"));
        foreach (var hold in lane["holds"]!.AsArray())
            terminal.Line("hold", hold.Text("id"), hold.Text("rule"), LaneWords.Hold(hold), hold.Text("note"));
        if (lane["warm_up"] is { } w)
            terminal.Line("warm_up", w.Text("plan"), $"stage {w.Text("stage")}",
                $"{w.Text("granted")} of {w.Text("volume")}", w.Text("paused") == "true" ? "paused"
                    : w.Text("used_up_until") is { } until ? $"used up until {until}" : null);
        terminal.Line("score", lane.Text("score"));
    }
}
