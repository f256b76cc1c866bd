using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary><c>akkamail lanes history SOURCE SITE</c>: what changed a lane and why, newest first.</summary>
internal static class LaneHistory
{
    private static readonly Field[] Columns =
    [
        Field.Clock("at", "When (UTC)"), Field.State("type"), Field.Text("what", of: LaneWords.Event).Wrap(),
        Field.Text("rule").Cut(),
        Field.Text("why", of: e => LaneWords.Reply(e["cause"])
            ?? (e.Text("by") is { } by ? $"{by}: {e.Text("note")}" : e.Text("note"))).Wrap(),
    ];

    public static Verb Create()
    {
        var lane = new LaneArguments();
        return ListVerb.Of("history", "Show what changed a lane and why, newest first.",
            call => $"{lane.Path(call)}/history", "events", Columns, ofTenant: false,
            [
                new("--type")
                {
                    Description = "One or more types, with commas between them, as in rate_changed,hold_began",
                },
                .. ListVerb.Times("What happened"),
            ]).With(lane.All);
    }
}
