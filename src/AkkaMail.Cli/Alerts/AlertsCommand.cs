using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail alerts [--history]</c>: figures over their bounds, now or since ever.</summary>
internal static class AlertsCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var history = new Option<bool>("--history") { Description = "Each change, newest first, not only what is open" };
        var command = new Command("alerts", "Reputations and complaint rates over their bounds.") { history };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(
                HttpMethod.Get, parsed.GetValue(history) ? "v1/alerts/history" : "v1/alerts", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else foreach (var alert in answer.Json["alerts"]!.AsArray()) Write(alert!, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(JsonNode alert, Terminal terminal) => terminal.Line(
        alert.Text("at"), alert.Text("to"), $"{alert.Text("rule")} {alert.Text("value")}",
        alert["subject"].Text("kind"), alert["subject"].Text("name"), alert.Text("detail"));
}
