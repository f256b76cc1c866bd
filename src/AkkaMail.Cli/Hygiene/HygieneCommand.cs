using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Hygiene;

/// <summary><c>akkamail hygiene check FILE</c> and <c>akkamail hygiene unengaged</c>.</summary>
internal static class HygieneCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("hygiene", "Check lists of addresses.") { Check(shared, terminal), Unengaged(shared, terminal) };

    private static Command Check(SharedOptions shared, Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "One address a line, or CSV with a column address or email; - is standard input",
        };
        var all = new Option<bool>("--all") { Description = "Show addresses without problems too" };
        var stream = new Option<string?>("--stream")
        {
            Description = "Whose suppressions count. Default: broadcast",
        };
        var tenant = new Option<string?>("--tenant")
        {
            Description = "Whose suppressions count, for a key with all rights. Default: default",
        };
        var command = new Command("check", "Look at a list before mail is sent to it. A line is "
            + "line, result, address, what is against it, did you mean; the counts come on standard error. "
            + "Exit code 1: something is bad, or the list was not checked to its end.") { file, all, stream, tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            var name = parsed.GetRequiredValue(file);
            var report = new HygieneReport(terminal, shared.IsJson(parsed), parsed.GetValue(all));
            var path = "v1/hygiene/check"
                + (parsed.GetValue(stream) is { } named ? $"?stream={Uri.EscapeDataString(named)}" : "");
            await using var list = Open(name, terminal);
            // Quotes in a plain list belong to the address.
            var type = name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? "text/plain" : "text/csv";
            await api.Lines(path, list, type, report.Take, cancel);
            return report.End();
        });
        return command;
    }

    private static Command Unengaged(SharedOptions shared, Terminal terminal)
    {
        var delivered = new Option<int>("--delivered") { Description = "Minimum number of mails delivered", DefaultValueFactory = _ => 5 };
        var days = new Option<int>("--days") { Description = "Within this many days", DefaultValueFactory = _ => 180 };
        var tenant = new Option<string?>("--tenant") { Description = "Whose mail, for a key with all rights" };
        var command = new Command("unengaged", "Addresses that accept mail and never engage. A line is address, delivered, "
            + "last delivery, last sign of life.") { delivered, days, tenant };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed, parsed.GetValue(tenant));
            for (string? cursor = ""; cursor is not null;)
            {
                var answer = await api.Json(HttpMethod.Get, $"v1/hygiene/unengaged?limit=500"
                    + $"&delivered={parsed.GetValue(delivered)}&days={parsed.GetValue(days)}{cursor}", cancel);
                if (cursor.Length == 0 && answer.Json.Text("engaged") == "0")
                    terminal.Error.WriteLine("No sign of life was ever told: this is everybody (POST /v1/engagement).");
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
                else
                    foreach (var a in answer.Json["addresses"]!.AsArray())
                        terminal.Line(a.Text("address") ?? "-", a.Text("delivered"), a.Text("last_at"),
                            a.Text("last_engaged_at") ?? "never");
                cursor = answer.Json.Text("next_cursor") is { } next ? $"&cursor={next}" : null;
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static Stream Open(string file, Terminal terminal)
    {
        try { return file == "-" ? terminal.RawIn() : File.OpenRead(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' cannot be read: {e.Message}");
        }
    }
}
