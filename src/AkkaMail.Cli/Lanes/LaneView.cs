using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary>A lane by itself: what it may, why, and what holds it.</summary>
internal static class LaneView
{
    public static readonly View View = new(
        [
            Field.Text("source"), Field.Text("site"), Field.State("state"),
            Field.Text("rate", of: lane =>
                $"{LaneWords.Rate(lane)}, configured {lane.Text("configured_rate.text") ?? "no bound"}"),
            Field.Text("connections", of: lane =>
                $"{LaneWords.Connections(lane)}, configured {lane["connections"].Text("configured")}"),
            Field.Number("depth", "Waiting"), Field.Number("at_hand"), Field.Number("credit"),
            Field.Time("eta", "Done"),
            Field.Text("why.rule", "Why"), Field.Text("why.said", "Because of", lane => LaneWords.Said(lane["why"])),
            Field.Time("why.cause.at", "That was"), Field.Text("why.cause.message_id", "Said to message"),
            Field.Text("takes", of: lane => LaneWords.Takes(lane["takes"])),
            Field.Time("next_step.at", "Next step up"), Field.Number("score"), Field.State("standing"),
            Field.Text("warm_up", of: lane => WarmUp(lane["warm_up"])),
        ],
        new ViewSection("hold", "What holds it", lane => lane.Rows("holds"),
        [
            Field.Number("id"), Field.Text("kind", "What", LaneWords.Hold).Wrap(),
            Field.Time("until"), Field.Text("rule"), Field.Text("by"),
            Field.Text("why", of: h => LaneWords.Reply(h["cause"]) ?? h.Text("note")).Wrap(),
        ]));

    private static string? WarmUp(JsonNode? w) => w is null ? null
        : $"{w.Text("plan")}, stage {w.Text("stage")}, {w.Text("granted")} of {w.Text("volume")}"
            + (w.Is("paused") ? ", paused" : w.Text("used_up_until") is { } until ? $", used up until {until}" : "");
}
