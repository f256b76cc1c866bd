using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary>
/// <c>akkamail projections list|rebuild|swap|drop</c>: what is read from the journal, and another making of it.
/// </summary>
internal static class ProjectionsVerbs
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500), WatchEvery = TimeSpan.FromSeconds(2);

    public static Command Create() => new("projections", "What is read from the journal, so that it can be looked at.")
    {
        List(), Rebuild(),
        Order("swap", "Read from the generation beside at once, and keep the other for a day. Again: the way back.", null),
        Order("drop", "Drop the generation beside: end a build, or give up the way back.",
            "The generation beside the one that is read is gone; another has to be built from the journal."),
    };

    private static Verb List()
    {
        var watch = new Option<bool>("--watch") { Description = "Look again every 2 s, until Ctrl+C" };
        return new Verb("list", "List projections with the generations of each, and how far they are.", async call =>
        {
            while (true)
            {
                var answer = await call.Look("v1/projections");
                if (call.Get(watch)) call.Print.Clear();
                if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
                else call.Print.Rows(Generations.Rows(answer.Json), Generations.Columns, "projections");
                if (!call.Get(watch)) return ExitCode.Done;
                await Task.Delay(WatchEvery, call.Terminal.Time, call.Cancel);
            }
        })
        { Prints = Generations.Columns }.With(watch);
    }

    private static Verb Rebuild()
    {
        var name = Name();
        var throttle = new Option<double?>("--throttle") { Description = "The share of one core it may take, 0.05 to 1; all of it without" };
        var swap = new Option<bool>("--swap") { Description = "Read from it as soon as it is ready" };
        return new Verb("rebuild", "Build another generation beside the one that is read, and stay until it is ready. "
            + "Sending and lists go on; Ctrl+C leaves the build alone.", async call =>
        {
            var begun = await call.Order(HttpMethod.Post, $"v1/projections/{call.Part(name)}/rebuild", call.Body(throttle));
            var number = Generations.Beside(begun.Json);
            while (Generations.Find((await call.Look("v1/projections")).Json, number) is { } built)
            {
                var state = built.Text("state");
                call.Print.Progress(Generations.Progress(built, call.Now), isEnd: state != "building");
                if (state == "building")
                {
                    await Task.Delay(LookEvery, call.Terminal.Time, call.Cancel);
                    continue;
                }
                if (call.Get(swap) && state == "ready")
                {
                    await call.Order(HttpMethod.Post, $"v1/projections/{call.Part(name)}/swap");
                    state = "current";
                }
                call.Print.Say(state == "current" ? $"Generation {number} is read. The way back is a swap, for a day."
                    : $"Generation {number} is {state}: akkamail projections swap {call.Get(name)}",
                    ("generation", number), ("state", state));
                return ExitCode.Done;
            }
            call.Print.Note("It was dropped meanwhile.");
            return ExitCode.Found;
        })
        { Finds = "it was dropped before it was ready" }.With(name, throttle, swap);
    }

    /// <param name="loses">What has to be agreed to; null: it can be undone.</param>
    private static Verb Order(string verb, string says, string? loses)
    {
        var (name, yes) = (Name(), Confirmation.Option());
        var order = new Verb(verb, says, async call =>
        {
            if (loses is not null) call.Ask(yes, loses, isForGood: false);
            var answer = await call.Order(HttpMethod.Post, $"v1/projections/{call.Part(name)}/{verb}");
            if (call.Print.Output == Output.Json) call.Print.Json(answer.Text);
            else call.Print.Rows(Generations.Rows(answer.Json), Generations.Columns);
            return ExitCode.Done;
        })
        { Prints = Generations.Columns };
        return loses is null ? order.With(name) : order.With(name, yes);
    }

    private static Argument<string> Name()
    {
        var name = new Argument<string>("name") { Description = "messages: what lists and counts are read from" };
        name.AcceptOnlyFromAmong("messages");
        return name;
    }
}
