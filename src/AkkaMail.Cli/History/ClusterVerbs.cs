using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail cluster history</c>: starts and ends of nodes.</summary>
internal static class ClusterVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("node").Cut(), Field.Text("program").Cut(), Field.Text("settings").Extra(),
        Field.Time("started_at"), Field.Time("seen_at"), Field.State("end"),
        Field.Text("rules", of: Rules).Cut(),
    ];

    public static Command Create() => new("cluster", "The nodes of the installation.")
    {
        ListVerb.Of("history", "List starts and ends of nodes, newest first, and the rules each went by last.",
            _ => "v1/cluster/history", "nodes", Columns, ofTenant: false),
    };

    /// <summary>The last of each kind.</summary>
    private static string Rules(JsonNode node) => string.Join(' ', node.Rows("rules").GroupBy(r => r.Text("kind"))
        .Select(kind => $"{kind.Key}={kind.Last().Text("version")}"));
}
