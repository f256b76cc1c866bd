using System.CommandLine;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail openapi</c>: the description of the API, for generators and readers.</summary>
internal static class OpenApi
{
    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("openapi", "Print the API's description (OpenAPI, JSON). Needs no key.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            terminal.Out.WriteLine((await api.Json(HttpMethod.Get, "openapi/v1.json", cancel)).Text);
            return ExitCode.Ok;
        });
        return command;
    }
}
