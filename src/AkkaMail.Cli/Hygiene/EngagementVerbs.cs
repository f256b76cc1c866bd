using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Hygiene;

/// <summary><c>akkamail engagement add</c>: your own records of who reads your mail.</summary>
internal static class EngagementVerbs
{
    /// <summary>What the server takes in one call.</summary>
    private const int EventsMax = 1_000;

    public static Command Create() => new("engagement", "Signs of life: who opened, clicked, answered or bought.")
    {
        Add(),
    };

    private static Verb Add()
    {
        var who = new Argument<string[]>("who")
        {
            Description = "Ids of messages, or addresses; without any, the lines of standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var at = new Option<string?>("--at")
        {
            Description = "When that was, as 2026-11-24T08:00:00Z, or 2h ago. Default: now",
        };
        return new Verb("add", "Say which recipients have shown life.", async call =>
        {
            var all = call.Get(who) is { Length: > 0 } given ? given
                : (await call.Terminal.In.ReadToEndAsync(call.Cancel)).Split('\n', StringSplitOptions.TrimEntries);
            var noted = 0.0;
            foreach (var some in all.Where(one => one.Length > 0).Chunk(EventsMax))
            {
                var body = new JsonObject { ["events"] = new JsonArray([.. some.Select(one => Event(call, one, at))]) };
                noted += (await call.Order(HttpMethod.Post, "v1/engagement", body)).Json.Number("noted") ?? 0;
            }
            call.Print.Say($"{noted:0} noted.", ("noted", $"{noted:0}"));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(who, at);
    }

    private static JsonObject Event(Call call, string one, Option<string?> at)
    {
        var told = new JsonObject { [one.Contains('@', StringComparison.Ordinal) ? "address" : "message"] = one };
        if (call.Get(at) is { } time) told["at"] = Moments.Read(time, call.Now);
        return told;
    }
}
