using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Domains;

/// <summary>
/// <c>akkamail doctor</c>: what receivers ask of the sources and of every domain, and what to do about it. It ends with
/// <see cref="ExitCode.Refused"/> when a rule fails, so that a job can watch.
/// </summary>
internal static class DoctorCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("doctor", "Check sources and domains by the rules of Gmail, Yahoo and Outlook.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var hasFailed = false;
            void Write((string Text, JsonNode Json) answer)
            {
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
                foreach (var rule in answer.Json["rules"]!.AsArray())
                {
                    hasFailed |= rule.Text("state") == "failed";
                    if (!shared.IsJson(parsed))
                        terminal.Line(answer.Json.Text("domain") ?? "-", rule.Text("state"), rule.Text("rule"),
                            rule.Text("seen"), rule.Text("what_to_do"));
                }
            }

            var sources = await api.Json(HttpMethod.Get, "v1/readiness", cancel);
            Write((sources.Text, sources.Json));
            for (string? cursor = null; ;)
            {
                var page = await api.Json(HttpMethod.Get, "v1/domains?limit=500"
                    + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"), cancel);
                foreach (var domain in page.Json["domains"]!.AsArray())
                {
                    var ready = await api.Json(
                        HttpMethod.Get, $"v1/domains/{Uri.EscapeDataString(domain.Text("domain")!)}/readiness", cancel);
                    Write((ready.Text, ready.Json));
                }
                if ((cursor = page.Json.Text("next_cursor")) is null) break;
            }
            return hasFailed ? ExitCode.Refused : ExitCode.Ok;
        });
        return command;
    }
}
