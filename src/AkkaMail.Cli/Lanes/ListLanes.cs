using System.CommandLine;

namespace AkkaMail.Cli.Lanes;

/// <summary><c>akkamail lanes list</c>: a line each, all pages.</summary>
internal static class ListLanes
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var source = new Option<string?>("--source") { Description = "Of this source" };
        var site = new Option<string?>("--site") { Description = "At this site" };
        var command = new Command(
            "list", "List the live lanes: source, site, state, rate, connections, how many wait, until when, why.")
        { source, site };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var filter = string.Concat(
                new[] { ("source", parsed.GetValue(source)), ("site", parsed.GetValue(site)) }
                    .Where(f => f.Item2 is not null).Select(f => $"&{f.Item1}={Uri.EscapeDataString(f.Item2!)}"));
            string? cursor = null;
            do
            {
                var query = $"limit=500{filter}" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
                var page = await api.Json(HttpMethod.Get, $"v1/lanes?{query}", cancel);
                if (shared.IsJson(parsed)) terminal.Out.WriteLine(page.Text);
                else
                    foreach (var l in page.Json["lanes"]!.AsArray())
                        terminal.Line(l.Text("source"), l.Text("site"), l.Text("state"), LaneWords.Rate(l),
                            LaneWords.Connections(l), l.Text("depth"), l.Text("eta") ?? "-", LaneWords.Why(l!["why"]));
                cursor = page.Json.Text("next_cursor");
            }
            while (cursor is not null);
            return ExitCode.Ok;
        });
        return command;
    }
}
