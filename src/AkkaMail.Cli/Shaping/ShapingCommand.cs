using System.CommandLine;
using System.Text.Json.Nodes;

namespace AkkaMail.Cli.Shaping;

/// <summary><c>akkamail shaping validate FILE</c> and <c>akkamail shaping show</c>.</summary>
internal static class ShapingCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) => new("shaping", "The shaping file.")
    {
        Validate(shared, terminal), Show(shared, terminal),
    };

    private static Command Validate(SharedOptions shared, Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "The file to look at; - reads standard input" };
        var command = new Command(
            "validate", "Say whether the server would take a file, and if not, why. Changes nothing.") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            var text = await Read(parsed.GetRequiredValue(file), terminal, cancel);
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Post, "v1/shaping/validate", cancel, text);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else terminal.Line("valid", answer.Json.Text("version"));
            foreach (var warning in answer.Json["warnings"] as JsonArray ?? [])
                terminal.Error.WriteLine(Terminal.Plain(
                    $"line {warning.Text("line")} {warning.Text("field")}: {warning.Text("message")}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(SharedOptions shared, Terminal terminal)
    {
        var command = new Command(
            "show", "Show which rules hold, and what was refused. Each line is a name and a value.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var answer = await api.Json(HttpMethod.Get, "v1/shaping", cancel);
            if (shared.IsJson(parsed))
            {
                terminal.Out.WriteLine(answer.Text);
                return ExitCode.Ok;
            }
            foreach (var name in (string[])["version", "file", "loaded_at", "missing_sources"])
                terminal.Line(name, answer.Json.Text(name));
            foreach (var (name, count) in answer.Json["counts"]!.AsObject()) terminal.Line(name, count!.ToJsonString());
            foreach (var error in answer.Json["refused"]?["errors"] as JsonArray ?? [])
                terminal.Line("refused", error.Text("line"), error.Text("field"), error.Text("message"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> Read(string file, Terminal terminal, CancellationToken cancel)
    {
        if (file == "-") return await terminal.In.ReadToEndAsync(cancel);
        try { return await File.ReadAllTextAsync(file, cancel); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file}' cannot be read: {e.Message}");
        }
    }
}
