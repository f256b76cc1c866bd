using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary><c>akkamail status</c>: what was accepted, where it stands, and whether that adds up.</summary>
internal static class StatusVerb
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private static readonly Field[] Counts =
    [
        Field.State("status"), Field.Number("messages"),
    ];

    private static readonly View Now = new(
        [
            Field.Number("accepted", "Accepted in all"), Field.Number("unfinished", "Not ended yet"),
            Field.State("complete", "Adds up", s => s.Is("complete") ? "yes" : "no"),
            Field.Number("projector_lag", "Behind the journal by"), Field.Many("silent_nodes", "Did not answer"),
        ],
        new("status", "By status", s => Of(s["statuses"]), Counts),
        new("reported", "Came back later", s => Of(s["reported"]), Counts));

    public static Verb Create()
    {
        var watch = new Option<bool>("--watch") { Description = "Look again every 2 s, until Ctrl+C" };
        return new Verb("status", "Show what was accepted, where it stands, and whether that adds up.", async call =>
        {
            while (true)
            {
                var answer = await call.Look("v1/status");
                if (call.Get(watch)) call.Print.Clear();
                call.Print.Show(answer, Now);
                if (!call.Get(watch)) return answer.Json.Is("complete") ? ExitCode.Done : ExitCode.Found;
                await Task.Delay(LookEvery, call.Terminal.Time, call.Cancel);
            }
        })
        { Finds = "what was accepted and what is known of it do not add up" }.With(watch);
    }

    private static IEnumerable<JsonNode> Of(JsonNode? counts) => (counts as JsonObject)?
        .Select(c => new JsonObject { ["status"] = c.Key, ["messages"] = c.Value?.DeepClone() }) ?? [];
}
