using System.Globalization;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary>The makings of a projection, as rows and as one line of progress.</summary>
internal static class Generations
{
    private const int BarWidth = 24;

    public static readonly Field[] Columns =
    [
        Field.Text("name"), Field.Number("generation"), Field.State("state"),
        Field.ForPeople("Done", (g, _) => new("", Bar(g))),
        Field.Number("events"), Field.Number("newest").Extra(), Field.Number("facts_per_second"),
        Field.Time("eta", "Ready"), Field.Text("held_by"), Field.Number("throttle").Extra(), Field.Time("since"),
        Field.Time("kept_until"),
    ];

    /// <summary>Of all projections, or of the one whose answer it is.</summary>
    public static IReadOnlyList<JsonNode> Rows(JsonNode answer) =>
    [
        .. (answer["projections"] is null ? [answer] : answer.Rows("projections")).SelectMany(p => p.Rows("generations").Select(g =>
        {
            var row = new JsonObject { ["name"] = p.Text("name") };
            foreach (var (name, value) in (JsonObject)g) row[name] = value?.DeepClone();
            return row;
        })),
    ];

    /// <summary>The number of the one that is not read; null: there is none.</summary>
    public static string? Beside(JsonNode answer) =>
        Rows(answer).FirstOrDefault(g => g.Text("state") != "current").Text("generation");

    /// <summary>Null: it is not there any more.</summary>
    public static JsonNode? Find(JsonNode answer, string? generation) =>
        Rows(answer).FirstOrDefault(g => g.Text("generation") == generation);

    public static string Progress(JsonNode g, DateTimeOffset now)
    {
        var rate = g.Number("facts_per_second") is > 0 and var facts
            ? string.Create(CultureInfo.InvariantCulture, $"  {facts:#,0} facts/s") : "";
        var end = g.Text("held_by") switch
        {
            "projector_lag" => "  waits: lists are behind",
            "commits" => "  waits: commits take long",
            _ => Field.Time("eta").Of(g, now) is { Shown.Length: > 0 } eta ? $"  ready {eta.Shown}" : "",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{Bar(g)}  {g.Number("events") ?? 0:#,0} of {g.Number("newest") ?? 0:#,0} events{rate}{end}");
    }

    private static string Bar(JsonNode g)
    {
        var (events, newest) = (g.Number("events") ?? 0, g.Number("newest") ?? 0);
        var share = newest > 0 ? Math.Clamp(events / newest, 0, 1) : 1;
        var full = (int)Math.Floor(share * BarWidth);
        return string.Create(CultureInfo.InvariantCulture,
            $"{new string('█', full)}{new string('░', BarWidth - full)} {Math.Floor(share * 100),3} %");
    }
}
