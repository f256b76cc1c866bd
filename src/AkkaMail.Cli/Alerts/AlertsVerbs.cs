using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail alerts list|history</c>: figures over their bounds, now or since ever.</summary>
internal static class AlertsVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Time("at", "Since"), Field.State("to", "Level"), Field.Text("rule"),
        new("value", "Value", (alert, _) => new(alert.Text("value") ?? "", Value(alert))) { IsRight = true },
        Field.Text("subject.kind", "Of"), Field.Text("subject.name", "Name", of: Name).Cut(),
        Field.Text("detail").Wrap(),
        Field.ForPeople("Look at", (alert, _) => new("", LookAt(alert) ?? "")).Cut().Extra(),
    ];

    public static Command Create() => new("alerts", "Reputations, complaint rates, clocks and silent ledgers over their bounds.")
    {
        ListVerb.Of(
            "list", "List what is over its bound now, newest first.", _ => "v1/alerts", "alerts", Columns),
        ListVerb.Of("history", "List each change, newest first.", _ => "v1/alerts/history", "alerts", Columns,
            filters: ListVerb.Times("Changed")),
    };

    /// <summary>A score of 0 to 100, a share of what was delivered, or seconds.</summary>
    private static string Value(JsonNode alert) => alert.Number("value") is not { } value ? "" : alert.Text("rule") switch
    {
        "complaints" => FormattableString.Invariant($"{value * 100:0.##} %"),
        "clock" or "silence" => FormattableString.Invariant($"{value:0.#} s"),
        _ => FormattableString.Invariant($"{value:0.#}"),
    };

    /// <summary>A lane as everywhere else: source, then site.</summary>
    private static string? Name(JsonNode alert) =>
        alert.Text("subject.kind") == "lane" ? alert.Text("subject.name")?.Replace('@', ' ')
            : alert.Text("subject.name");

    private static string? LookAt(JsonNode alert) => alert.Text("subject.kind") switch
    {
        "lane" => $"akkamail lanes show {Name(alert)}",
        "domain" => "akkamail complaints list",
        "tenant" or "stream" => "akkamail reputation list",
        "node" => "akkamail cluster show",
        "ledger" => "akkamail ledgers list",
        _ => null,
    };
}
