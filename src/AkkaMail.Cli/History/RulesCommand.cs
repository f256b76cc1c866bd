using System.CommandLine;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail rules list</c> and <c>akkamail rules show KIND VERSION</c>: what a version says.</summary>
internal static class RulesCommand
{
    private static readonly string[] Fields = ["kind", "version", "first_seen", "current"];

    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("rules", "The texts behind the versions of rules that stories and lanes name.")
        {
            List(shared, terminal), Show(shared, terminal),
        };

    private static Command List(SharedOptions shared, Terminal terminal)
    {
        var kind = new Option<string?>("--kind") { Description = "shaping or bounces" };
        var command = new Command("list", "List rules that have ever held, newest first. A line is kind, version, "
            + "when it was first seen, whether it holds now.") { kind };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var of = parsed.GetValue(kind) is { } one ? $"&kind={Uri.EscapeDataString(one)}" : "";
            var answer = await api.Json(HttpMethod.Get, $"v1/rules?limit=500{of}", cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else
                foreach (var rules in answer.Json["rules"]!.AsArray()) terminal.Line(Fields.Select(rules.Text));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(SharedOptions shared, Terminal terminal)
    {
        var kind = new Argument<string>("kind") { Description = "shaping or bounces" };
        var version = new Argument<string>("version") { Description = "As a story or a lane names it" };
        var command = new Command("show", "Show the text of rules as it was written.") { kind, version };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var path = string.Join('/', new[] { kind, version }.Select(a => Uri.EscapeDataString(parsed.GetRequiredValue(a))));
            var answer = await api.Json(HttpMethod.Get, $"v1/rules/{path}", cancel);
            terminal.Out.WriteLine(shared.IsJson(parsed) ? answer.Text : answer.Json.Text("text")!.TrimEnd('\n'));
            return ExitCode.Ok;
        });
        return command;
    }
}
