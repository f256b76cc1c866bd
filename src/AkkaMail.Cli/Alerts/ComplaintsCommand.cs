using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail complaints</c>: who is complained about, and with <c>--loops</c> who tells.</summary>
internal static class ComplaintsCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var loops = new Option<bool>("--loops") { Description = "What each feedback loop has told in the last 30 days" };
        var command = new Command("complaints", "Complaint rates of the last 7 days. A line is tenant, what, name, rate, "
            + "complaints, delivered; of --loops: reporter, reports, complaints, opt-outs, unattributed, last.") { loops };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var ofLoops = parsed.GetValue(loops);
            var answer = await api.Json(
                HttpMethod.Get, ofLoops ? "v1/feedback-loops" : "v1/complaints?limit=500", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else if (ofLoops)
                foreach (var l in answer.Json["loops"]!.AsArray())
                    terminal.Line(((string[])["reporter", "reports", "complaints", "opt_outs", "unattributed", "last_at"])
                        .Select(l.Text));
            else
                foreach (var r in answer.Json["rates"]!.AsArray())
                    terminal.Line(r.Text("tenant"), r.Text("of"), r.Text("name"), Percent(r), r.Text("complaints"),
                        r.Text("delivered"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Percent(JsonNode? rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)rate!["rate"]! * 100:0.###} %");
}
