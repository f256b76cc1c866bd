using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail status</c>: what was accepted, where it stands, and whether that adds up.</summary>
internal static class Status
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("status", "Show the counts by status. Each line is a name and a value.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get, "v1/status", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var (name, value) in answer.Json.AsObject().SelectMany(Flat)) terminal.Line(name, value);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<(string Name, string? Value)> Flat(KeyValuePair<string, JsonNode?> field) =>
        field.Value is JsonObject inner
            ? inner.Select(f => ($"{field.Key}.{f.Key}", f.Value?.ToJsonString()))
            : [(field.Key, field.Value?.ToJsonString())];
}
