using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Hygiene;

/// <summary>Shows the lines of an answer as they come, and how the run ends.</summary>
internal sealed class HygieneReport(Terminal terminal, bool isJson, bool all)
{
    private JsonNode? _summary;

    public void Take(string line)
    {
        var node = Parse(line);
        if (isJson) terminal.Out.WriteLine(line);
        if (node["summary"] is { } summary) _summary = summary;
        else if (isJson) return;
        else if (node.Text("error") is { } error)
            terminal.Error.WriteLine($"line {node.Text("line")}: {Terminal.Plain(error)}");
        else if (all || node.Text("result") != "ok")
            terminal.Line(node.Text("line"), node.Text("result"), node.Text("address"), node.Text("reasons"),
                node.Text("did_you_mean"));
    }

    public int End()
    {
        if (_summary is null) throw new NotReachableException("the answer was cut off");
        if (!isJson)
            terminal.Error.WriteLine($"{_summary.Text("addresses")} addresses: {_summary.Text("ok")} ok, "
                + $"{_summary.Text("risky")} risky, {_summary.Text("bad")} bad{Reasons()}");
        return _summary.Text("bad") == "0" && _summary.Text("complete") == "true" ? ExitCode.Ok : ExitCode.Refused;
    }

    private string Reasons() => _summary!["reasons"] is JsonObject { Count: > 0 } reasons
        ? " (" + string.Join(", ", reasons.Select(r => $"{r.Key} {r.Value}")) + ")" : "";

    private static JsonNode Parse(string line)
    {
        try { return JsonNode.Parse(line) ?? throw new JsonException("null"); }
        catch (JsonException) { throw new NotReachableException("this is no AkkaMail, it answers no JSON"); }
    }
}
