using System.Globalization;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary>Why a message waits, as one tells it to somebody who has to do something about it.</summary>
internal static class WaitingWords
{
    /// <summary>In a list, as in <c>warm up, in 3 h</c>.</summary>
    public static string Short(JsonNode message, DateTimeOffset now) => message.Text("waiting.held_by") switch
    {
        null or "none" => "",
        "due" when Until(message, now) is { } until => $"due {until}",
        var by => Until(message, now) is { } until ? $"{Field.Words(by)}, {until}" : Field.Words(by),
    };

    private static string? Until(JsonNode message, DateTimeOffset now) =>
        DateTimeOffset.TryParse(message.Text("waiting.until"), CultureInfo.InvariantCulture, out var at)
            ? Moments.Relative(at, now) : null;

    public static string Because(JsonNode waiting) => waiting.Text("held_by") switch
    {
        "none" => "nothing holds it: it begins in a moment",
        "lookup" => "the receiver of its domain is not known yet: DNS is being asked",
        "source" => "no source of its pool can send from here",
        "rate" => "its lane has reached its rate",
        "connections" => "all connections that its lane may have are in use",
        "warm_up" => "the warm-up's volume is used up for now",
        "hold" => "a rule or an operator has stopped it",
        "breaker" => "the receiver cannot be reached or blocks us, and is tried again only now and then",
        "tenant_limit" => "the tenant's own limit is reached",
        "share" => "it is the turn of others",
        "window" => "its stream sends at other hours",
        "paused" => "somebody has paused it",
        "due" => waiting["reply"] is null ? "its time has not come" : "the receiver asked for another try later",
        var other => Field.Words(other ?? ""),
    };

    /// <summary>The command that tells more; null: there is none.</summary>
    public static string? LookAt(JsonNode waiting) => waiting.Text("held_by") switch
    {
        "rate" or "connections" or "warm_up" or "hold" or "breaker" or "share"
            when waiting["lane"] is { } lane => $"akkamail lanes show {lane.Text("source")} {lane.Text("site")}",
        "source" => "akkamail shaping show",
        "tenant_limit" => "akkamail tenants usage NAME",
        _ => null,
    };
}
