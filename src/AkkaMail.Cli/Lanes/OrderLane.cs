using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary>Orders to a lane; each shows the lane as it is then.</summary>
internal static class OrderLane
{
    public static Verb Suspend() => Order(
        "suspend", "suspend", "Stop a lane, or a tenant or stream on it. Its mail waits.",
        SharedOptions.Note("Why; needed"), Text("for", "How long, as in 2h; without it until it is resumed"),
        Text("scope", "lane (default), tenant or stream"), Text("tenant", "The tenant of the scope"),
        Text("stream", "The stream of the scope"));

    public static Verb Resume() => Order(
        "resume", "resume", "Lift what stops a lane, whoever ordered it.", Note());

    public static Verb Limit() => Order(
        "limit", "limit", "Limit a lane beside all other limits, in place of your earlier limit.",
        SharedOptions.Note("Why; needed, but not to lift"), Text("rate", "As in 10/min"),
        new Option<int?>("--connections") { Description = "1 to 5000" },
        Text("for", "How long, as in 2h; without it until it is lifted"),
        new Option<bool?>("--lift") { Description = "Remove the earlier limit", Arity = ArgumentArity.ZeroOrOne });

    public static Command WarmUp() =>
        new("warm-up", "A new source's plan: so much a day, more each day.")
        {
            Order("start", "warm-up/start", "Begin a plan.",
                Text("plan", "A plan of the shaping file or a shipped one")),
            Order("pause", "warm-up/pause", "Stop where it is; nothing is sent meanwhile.", Note()),
            Order("resume", "warm-up/resume", "Go on.", Note()),
            Order("complete", "warm-up/complete", "End it: the lane is warm.", Note()),
        };

    private static Verb Order(string name, string path, string says, params Option[] fields)
    {
        var lane = new LaneArguments();
        var isNew = new Option<bool>("--new") { Description = "Also to a site that no mail has gone to yet" };
        var verb = new Verb(name, says, async call =>
        {
            var answer = await call.Order(
                HttpMethod.Post, $"{lane.Path(call)}/{path}{(call.Get(isNew) ? "?new=true" : "")}", call.Body(fields));
            call.Print.Show(answer, LaneView.View);
            return ExitCode.Done;
        });
        return verb.With([.. lane.All, .. fields, isNew]);
    }

    private static Option<string?> Note() => SharedOptions.Note("Why; kept in the lane's history");

    private static Option<string?> Text(string name, string says) => new("--" + name) { Description = says };
}
