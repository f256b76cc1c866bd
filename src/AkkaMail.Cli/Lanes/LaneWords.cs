using System.Globalization;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary>A lane and what happened to it, in words.</summary>
internal static class LaneWords
{
    public static string Rate(JsonNode? lane) => lane?["rate"].Text("text") ?? "no bound";

    public static string Connections(JsonNode? lane) =>
        $"{lane?["connections"].Text("in_use")}/{lane?["connections"].Text("allowed")}";

    /// <summary>What a receiver counts by: <c>about 300 a minute: seen in 6 of 7 minutes that were tried</c>.</summary>
    public static string? Takes(JsonNode? window) => window is null ? null
        : $"about {window.Text("messages")} {Per((double)window["seconds"]!)}: "
            + $"seen in {window.Text("seen")} of {window.Text("tried")} {Periods((double)window["seconds"]!)} that were tried";

    private static string Periods(double seconds) =>
        seconds switch { 60 => "minutes", 3_600 => "hours", 86_400 => "days", _ => "times" };

    private static string Per(double seconds) => seconds switch
    {
        60 => "a minute",
        3_600 => "an hour",
        86_400 => "a day",
        _ => string.Create(CultureInfo.InvariantCulture, $"in {seconds:0.#} s"),
    };

    /// <summary>Rule, then what was said: the receiver's words, or the operator's.</summary>
    public static string Why(JsonNode? why) => why is null ? ""
        : string.Join(": ", new[] { why.Text("rule"), Said(why) }.Where(part => part is not null));

    public static string? Said(JsonNode? why) => Reply(why?["cause"]) ?? NotEmpty(why.Text("note"));

    public static string? Reply(JsonNode? cause)
    {
        if (cause?["reply"] is not { } reply) return null;
        var code = reply.Text("code") == "0" ? null : reply.Text("code");
        return string.Join(' ', new[] { code, reply.Text("enhanced_code"), reply.Text("text") }
            .Where(part => part is not null));
    }

    public static string Hold(JsonNode? hold)
    {
        var whom = (hold.Text("scope"), hold.Text("tenant"), hold.Text("stream")) switch
        {
            ("lane", _, _) => "",
            (_, var tenant, null) => $" tenant {tenant}",
            (_, var tenant, var stream) => $" tenant {tenant} stream {stream}",
        };
        return $"{hold.Text("kind")?.Replace('_', ' ')} {hold.Text("value")}".Trim() + whom
            + (hold.Text("until") is null ? " until lifted" : "");
    }

    public static string Event(JsonNode? e) => e.Text("type") switch
    {
        "rate_changed" => $"{PerSecond(e, "from")} -> {PerSecond(e, "to")}{Inputs(e?["inputs"])}",
        "connections_changed" => $"{e.Text("from") ?? "configured"} -> {e.Text("to") ?? "configured"}",
        "hold_began" => Hold(e?["hold"]) + (e?["hold"].Text("until") is { } until ? $" until {until}" : ""),
        "hold_lifted" => $"hold {e.Text("hold_id")}",
        "outcomes" => string.Join(' ', (e?["counts"]?.AsObject().Select(c => $"{c.Key}={c.Value}") ?? [])
            .Concat(e.Text("begun") is { } begun ? [$"begun={begun}", $"waiting={e.Text("waiting")}"] : [])),
        "feedback" => $"complaints={e.Text("complaints")} engaged={e.Text("engaged")}",
        "warm_up_began" => e.Text("plan") ?? "",
        "warm_up_granted" => e.Text("granted") ?? "",
        "warm_up_day_ended" => $"stage {e.Text("stage")} -> {e.Text("next_stage")}, granted {e.Text("granted")}, "
            + $"delivered {e.Text("delivered")}",
        _ => "",
    };

    /// <summary>What a cut was decided by; a step up looks at what was accepted only.</summary>
    private static string Inputs(JsonNode? inputs) => inputs.Text("objections") is null or "0" ? ""
        : $" ({inputs.Text("accepted")} accepted, {inputs.Text("objections")} objections in "
            + $"{inputs.Text("seconds")} s at {PerSecond(inputs, "used")})";

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private static string PerSecond(JsonNode? e, string field) =>
        e?[field] is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{rate.GetValue<double>():0.##}/s") : "configured";
}
