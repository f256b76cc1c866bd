using System.CommandLine;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail cancel ID</c>: withdraws a message that no attempt has begun for.</summary>
internal static class Cancel
{
    private static readonly Argument<string> Id = new("id") { Description = "A message's id" };

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("cancel", "Cancel a message whose delivery has not started.") { Id };
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var path = $"v1/messages/{Uri.EscapeDataString(parsed.GetRequiredValue(Id))}";
            var answer = await api.Json(HttpMethod.Delete, path, cancel);
            if (shared.IsJson(parsed)) terminal.Out.WriteLine(answer.Text);
            else terminal.Line(answer.Json.Text("id"), answer.Json.Text("status"));
            return ExitCode.Ok;
        });
        return command;
    }
}
