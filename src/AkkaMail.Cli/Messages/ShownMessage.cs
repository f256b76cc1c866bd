using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary>A message by itself: what it is, why it waits, and what has happened to it.</summary>
internal static class ShownMessage
{
    public static readonly View View = new(
        [
            Field.Text("id"), Field.State("status"), Field.Text("from"), Field.Text("to"), Field.Text("subject"),
            Field.Text("tenant"), Field.Text("stream"), Field.Many("tags"),
            Field.Text("metadata", of: Metadata), Field.Text("door"), Field.Text("key"), Field.Text("trace"), Field.Text("site"), Field.Number("bytes"), Field.Number("attempts"),
            Field.Time("accepted_at"), Field.Time("send_at", "To be sent"), Field.Time("due_at", "Next try"),
            Field.Time("expires_at", "Tried until"), Field.Text("engaged_on").ForPrograms(),
            Field.ForPeople("Goes first", (m, _) => m.Text("engaged_on") is { } day
                ? new("", $"its recipient showed life on {day}") : Cell.Empty),
            Field.Time("story_begins", "Story kept from"),
        ],
        new("waiting", "Why it waits", message => message["waiting"] is { } waiting ? [waiting] : [],
        [
            new("held_by", "Because", (w, _) => new(w.Text("held_by") ?? "", WaitingWords.Because(w), Tone.Careful)),
            Field.Text("lane", of: Lane), Field.Time("since"), Field.Time("until"), Field.Time("eta", "Expected"),
            Field.Number("ahead"),
            Field.ForPeople("Of them", (w, _) => w.Text("engaged_ahead") is { } some
                ? new("", $"{some} go first: their recipients showed life of late") : Cell.Empty),
            Field.Text("rule"),
            Field.Text("reply", "The receiver said", of: Reply), Field.Number("engaged_ahead").ForPrograms(),
            Field.ForPeople("Look at", (w, _) => new("", WaitingWords.LookAt(w) ?? "")),
        ])
        { IsLines = true },
        new("event", "Story", message => message.Rows("events"),
        [
            Field.Clock("at", "When (UTC)"), Field.State("type", "What"), Field.Number("attempt", "Try"),
            Field.Text("reply", of: Reply).ForPrograms(),
            Field.Text("details", of: Details).ForPrograms(),
            Field.ForPeople("What was said, and how it went", (e, _) => Reply(e) is { } reply
                ? new("", reply) { Below = Details(e) } : new("", Details(e))).Wrap(),
        ]));

    /// <summary>The receiver's words.</summary>
    public static string? Reply(JsonNode? e) => Field.Find(e, "reply") is not { } reply ? null
        : string.Join(' ', new[]
        {
            reply.Text("code") != "0" ? reply.Text("code") : e.Text("reporter") is null ? "no answer:" : null,
            reply.Text("enhanced_code"), reply.Text("text"),
        }.OfType<string>());

    private static string? Lane(JsonNode waiting) =>
        waiting["lane"] is { } lane ? $"{lane.Text("source")} {lane.Text("site")}" : null;

    private static string? Metadata(JsonNode message) => message["metadata"] is not JsonObject metadata ? null
        : string.Join(", ", metadata.Select(m => $"{m.Key}={m.Value}"));

    private static string Details(JsonNode? e)
    {
        string?[] details =
        [
            e.Text("held_by") is { } by and not "none"
                ? $"was held by {Field.Words(by)} {e.Text("hold_id")}".TrimEnd() : null,
            e.Text("mx"), e.Text("mx") is null ? null : e.Text("tls") ?? "plain", e.Text("step"),
            e.Text("duration_ms") is { } took ? $"{took} ms" : null,
            e.Text("bytes") is { } bytes and not "0" ? $"{bytes} bytes" : null,
            e.Text("by") is { } who ? $"by {who}" : null, e.Text("note"),
            e.Text("reporter") is { } reporter ? $"told by {reporter}" : null, e.Text("feedback_type"),
            e.Text("rule"), e.Text("in_doubt") == "true" ? "in doubt" : null,
        ];
        return string.Join(", ", details.OfType<string>());
    }
}
