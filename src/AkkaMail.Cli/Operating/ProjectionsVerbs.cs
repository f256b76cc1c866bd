using System.CommandLine;
using System.Globalization;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail projections rebuild NAME</c>: empties it, and stays until it has caught up.</summary>
internal static class ProjectionsVerbs
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public static Command Create() => new("projections", "What is read from the journal, so that it can be looked at.")
    {
        Rebuild(),
    };

    private static Verb Rebuild()
    {
        var name = new Argument<string>("name") { Description = "messages: what lists and counts are read from" };
        name.AcceptOnlyFromAmong("messages");
        var yes = Confirmation.Option();
        return new Verb("rebuild", "Empty it and fill it again from the journal. Sending goes on.", async call =>
        {
            call.Ask(
                yes, "Lists and counts are empty, and fill up again from the oldest message on.", isForGood: false);
            var before = await Look(call);
            await call.Order(HttpMethod.Post, $"v1/projections/{call.Part(name)}/rebuild");
            while (true)
            {
                var (accepted, lag) = await Look(call);
                // No lag alone could be a look before the ledgers noticed: what was known before must be back as well.
                if (lag == 0 && accepted >= before.Accepted)
                {
                    var text = accepted.ToString(CultureInfo.InvariantCulture);
                    call.Print.Say($"Rebuilt: {text} messages.", ("state", "rebuilt"), ("messages", text));
                    return ExitCode.Done;
                }
                call.Print.Note(string.Create(
                    CultureInfo.InvariantCulture, $"{accepted} of {before.Accepted} messages, projector_lag {lag}"));
                await Task.Delay(LookEvery, call.Terminal.Time, call.Cancel);
            }
        }).With(name, yes);
    }

    private static async Task<(double Accepted, double Lag)> Look(Call call)
    {
        var status = (await call.Look("v1/status")).Json;
        return (status.Number("accepted") ?? 0, status.Number("projector_lag") ?? 0);
    }
}
