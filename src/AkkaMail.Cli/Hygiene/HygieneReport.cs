using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Hygiene;

/// <summary>Shows the lines of an answer, as they come where that can be, and how the run ends.</summary>
internal sealed class HygieneReport(Printer print, bool all)
{
    public static readonly Field[] Columns =
    [
        Field.Number("line"), Field.State("result"), Field.Text("address").Cut(), Field.Many("reasons"),
        Field.Text("did_you_mean"),
    ];

    private readonly List<JsonNode> _rows = [];   // Of a table, which is as wide as its widest row.
    private JsonNode? _summary;

    public void Take(string line)
    {
        var node = Parse(line);
        if (print.IsJson) print.Json(line);
        if (node["summary"] is { } summary) _summary = summary;
        else if (print.IsJson) return;
        else if (node.Text("error") is { } error) print.Note($"line {node.Text("line")}: {error}");
        else if (!all && node.Text("result") == "ok") return;
        else if (print.Output == Output.Table) _rows.Add(node);
        else print.Rows([node], Columns);
    }

    public int End()
    {
        if (_summary is null) throw new NotReachableException("the answer was cut off");
        if (_rows.Count > 0) print.Rows(_rows, Columns);
        if (!print.IsJson)
            print.Note($"{_summary.Text("addresses")} addresses: {_summary.Text("ok")} ok, "
                + $"{_summary.Text("risky")} risky, {_summary.Text("bad")} bad{Reasons()}");
        return _summary.Text("bad") == "0" && _summary.Is("complete") ? ExitCode.Done : ExitCode.Found;
    }

    private string Reasons() => _summary!["reasons"] is JsonObject { Count: > 0 } reasons
        ? " (" + string.Join(", ", reasons.Select(r => $"{r.Key} {r.Value}")) + ")" : "";

    private static JsonNode Parse(string line)
    {
        try { return JsonNode.Parse(line) ?? throw new JsonException("null"); }
        catch (JsonException) { throw new NotReachableException("this is no AkkaMail, it answers no JSON"); }
    }
}
