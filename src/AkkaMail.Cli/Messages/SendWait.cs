using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary><c>send --wait</c>: stays until every message has ended, and tells how.</summary>
internal static class SendWait
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Going = ["accepted", "scheduled", "sending", "deferred"];

    private static readonly Field[] Columns =
    [
        Field.Text("id"), Field.Text("to").Cut(), Field.State("status"),
        Field.Text("said", of: Said).Wrap(),
    ];

    public static async Task<int> Run(Call call, JsonNode accepted, TimeSpan time)
    {
        string[] ids = [.. accepted.Rows("messages").Select(m => m.Text("id")!)];
        var known = new Dictionary<string, JsonNode>();
        bool IsOver(string id) => known.TryGetValue(id, out var message) && !Going.Contains(message.Text("status"));
        var isOver = await Waits.Until(call, time, LookEvery, async () =>
        {
            foreach (var id in ids.Where(id => !IsOver(id)))
                known[id] = (await call.Look($"v1/messages/{Uri.EscapeDataString(id)}")).Json;
            return ids.All(IsOver);
        });
        List<JsonNode> messages = [.. ids.Select(id => known[id])];
        if (call.Print.Output == Output.Json)
            call.Print.Json(new JsonObject { ["messages"] = new JsonArray([.. messages.Select(m => m.DeepClone())]) });
        else call.Print.Rows(messages, Columns, "messages");
        return !isOver ? ExitCode.StillWaiting
            : messages.TrueForAll(m => m.Text("status") == "delivered") ? ExitCode.Done : ExitCode.Found;
    }

    /// <summary>The last words about it; of one that waits, why.</summary>
    private static string? Said(JsonNode message) =>
        message.Rows("events").Select(ShownMessage.Reply).LastOrDefault(reply => reply is not null)
            ?? (message["waiting"] is { } waiting ? WaitingWords.Because(waiting) : null);
}
