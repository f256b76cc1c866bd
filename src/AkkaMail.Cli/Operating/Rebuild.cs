using System.CommandLine;
using System.Globalization;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail rebuild-read-model</c>: empties it, and stays until it has caught up.</summary>
internal static class Rebuild
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Command(SharedOptions shared, Terminal terminal)
    {
        var command = new Command("rebuild-read-model",
            "Empty the read model and fill it again from the journal. Sending goes on. Progress: standard error.");
        command.SetAction(async (parsed, cancel) =>
        {
            using var api = shared.Open(parsed);
            var (before, _, _) = await Look(api, cancel);
            await api.Json(HttpMethod.Post, "v1/read-model/rebuild", cancel);
            while (true)
            {
                var (accepted, lag, text) = await Look(api, cancel);
                // No lag alone could be a look before the ledgers noticed: what was known before must be back as well.
                if (lag == 0 && accepted >= before)
                {
                    if (shared.IsJson(parsed)) terminal.Out.WriteLine(text);
                    else terminal.Line("rebuilt", accepted.ToString(CultureInfo.InvariantCulture));
                    return ExitCode.Ok;
                }
                terminal.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{accepted} of {before} messages, projector_lag {lag}"));
                await Task.Delay(LookEvery, cancel);
            }
        });
        return command;
    }

    private static async Task<(long Accepted, long Lag, string Text)> Look(Api api, CancellationToken cancel)
    {
        var answer = await api.Json(HttpMethod.Get, "v1/status", cancel);
        return ((long)answer.Json["accepted"]!, (long)answer.Json["projector_lag"]!, answer.Text);
    }
}
