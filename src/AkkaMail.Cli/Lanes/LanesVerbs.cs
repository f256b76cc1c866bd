using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary><c>akkamail lanes …</c>: how fast each source may send to each site, why, and your orders.</summary>
internal static class LanesVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("source"), Field.Text("site").Cut(), Field.State("state"),
        new("rate", "Rate", (lane, _) => new(LaneWords.Rate(lane), LaneWords.Rate(lane))) { IsRight = true },
        new("connections", "Conns", (lane, _) => new(LaneWords.Connections(lane), LaneWords.Connections(lane)))
        { IsRight = true, IsExtra = true },
        Field.Number("depth", "Waiting"), Field.Time("eta", "Done"),
        Field.Text("why", of: lane => LaneWords.Why(lane["why"])).Cut(),
    ];

    public static Command Create() => new("lanes", "How fast each source may send to each site, why, and your orders.")
    {
        List(), Show(), LaneHistory.Create(), OrderLane.Suspend(), OrderLane.Resume(), OrderLane.Limit(),
        OrderLane.WarmUp(),
    };

    /// <summary>As the dashboard has them: what stands comes before what is slow, and before what runs.</summary>
    private static readonly string[] Trouble =
        ["source_missing", "suspended", "no_lease", "limited", "warming_up", "running", "idle"];

    /// <summary>Trouble is found in all of them, so all are read; they are those that a node has in hand.</summary>
    private static Verb List()
    {
        var source = new Option<string?>("--source") { Description = "Of this source" };
        var site = new Option<string?>("--site") { Description = "At this site" };
        var limit = ListVerb.Limit("At most so many, those most in trouble of all; all without it");
        var all = ListVerb.AllOfThem("All of them, as without --limit");
        const string says = "List the lanes that have mail, or had some minutes ago, those in trouble first.";
        var verb = new Verb("list", says, async call =>
        {
            var lanes = new List<JsonNode>();
            await foreach (var page in ListVerb.All(call, "v1/lanes", "lanes", [.. call.Given([source, site])]))
                lanes.AddRange(page.Json.Rows("lanes"));
            List<JsonNode> worst = [.. lanes.OrderBy(l => Array.IndexOf(Trouble, l.Text("state")))
                .ThenByDescending(l => l.Number("depth")).Take(call.Get(limit) ?? int.MaxValue)];
            if (call.Print.Output == Output.Json)
                call.Print.Json(new JsonObject { ["lanes"] = new JsonArray([.. worst.Select(l => l.DeepClone())]) });
            else call.Print.Rows(worst, Columns, "lanes");
            if (worst.Count < lanes.Count)
                call.Print.Note($"Left out: {lanes.Count - worst.Count} less in trouble. All of them: --all");
            return ExitCode.Done;
        })
        { Prints = Columns }.With(source, site, limit, all);
        ListVerb.Contradict(verb, all, limit);
        return verb;
    }

    private static Verb Show()
    {
        var lane = new LaneArguments();
        return new Verb("show", "Show a lane and why it runs at its rate.", async call =>
        {
            var answer = await call.Look(lane.Path(call));
            call.Print.Show(answer, LaneView.View);
            if (answer.Json.Text("state") == "idle")
                call.Print.Note("Idle: no mail waits for it, or none has ever gone there. "
                    + "'akkamail sites explain DOMAIN' says which site a domain's mail goes to.");
            return ExitCode.Done;
        }).With(lane.All);
    }
}
