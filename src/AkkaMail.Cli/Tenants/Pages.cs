using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Tenants;

/// <summary>A list that is read to its end, page by page.</summary>
internal static class Pages
{
    public static Command List(
        SharedOptions shared, Terminal terminal, string what, string says, Action<JsonNode, Terminal> write)
    {
        var command = new Command("list", says);
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            for (string? cursor = null; ;)
            {
                var page = await api.Json(HttpMethod.Get, $"v1/{what}?limit=500"
                    + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}"), cancel);
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(page.Text);
                else foreach (var one in page.Json[what]!.AsArray()) write(one!, terminal);
                if ((cursor = page.Json.Text("next_cursor")) is null) return ExitCode.Ok;
            }
        });
        return command;
    }
}
