using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail cluster history</c>: starts and ends of nodes.</summary>
internal static class ClusterCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("cluster", "The nodes of the installation.") { History(shared, terminal) };

    private static Command History(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("history", "Show starts and ends of nodes, newest first. A line is node, program, hash "
            + "of the settings, start, last sign of life, end (stopped, lost, or none while it runs), rules it went by "
            + "last.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get, "v1/cluster/history", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var node in answer.Json["nodes"]!.AsArray())
                    terminal.Line([.. Fields.Select(node.Text), Rules(node!)]);
            return ExitCode.Ok;
        });
        return command;
    }

    private static readonly string[] Fields = ["node", "program", "settings", "started_at", "seen_at", "end"];

    /// <summary>The last of each kind.</summary>
    private static string Rules(JsonNode node) => string.Join(' ', node["rules"]!.AsArray().GroupBy(r => r.Text("kind"))
        .Select(kind => $"{kind.Key}={kind.Last().Text("version")}"));
}
