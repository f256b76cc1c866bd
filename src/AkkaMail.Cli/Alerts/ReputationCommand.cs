using System.CommandLine;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail reputation</c>: the scores of tenants and their sending domains.</summary>
internal static class ReputationCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("reputation", "How tenants and their sending domains stand with receivers, 0 to 100.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get, "v1/reputation?limit=500", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var r in answer.Json["reputations"]!.AsArray())
                    terminal.Line(r.Text("tenant"), r.Text("domain"), r.Text("score"), r.Text("standing"),
                        r.Text("worst") is { Length: > 0 } worst ? $"{worst} {r.Text("share")}" : "");
            return ExitCode.Ok;
        });
        return command;
    }
}
