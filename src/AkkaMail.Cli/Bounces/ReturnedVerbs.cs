using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Bounces;

/// <summary>
/// <c>akkamail bounces list</c>, <c>show ID</c> and <c>reread [ID]</c>: what came in, and what it was taken for.
/// </summary>
internal static class ReturnedVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("id"), Field.Time("at", "When"), Field.Text("door"), Field.State("outcome"), Field.Text("kind"),
        Field.Text("reason"), Field.Text("feedback_type", "Feedback").Extra(), Field.Text("message"),
        Field.Text("reporter").Cut().Extra(), Field.Text("rule").Extra(),
    ];

    private static readonly View One = new(
    [
        Field.Text("id"), Field.Time("at", "When"), Field.Text("door"), Field.State("outcome"), Field.Text("kind"),
        Field.Text("reason"), Field.Text("feedback_type", "Feedback"), Field.Text("message"), Field.Text("tenant"),
        Field.Text("reporter"), Field.Text("rule"), Field.Text("version", "Of rules"), Field.Text("recipient"),
        Field.Text("mail_from"), Field.Text("helo"), Field.Text("remote"), Field.Text("authentication"),
        Field.Number("bytes"), Field.Number("tries"), Field.Text("detail"),
    ]);

    public static Verb List() => ListVerb.Of(
        "list", "List the mails that came in, newest first.", _ => "v1/bounces/mails", "mails", Columns, filters:
        [
            new("--outcome") { Description = "recorded, repeat, noted, auto_reply, unclear, unattributed, …" },
            new("--door") { Description = "return_path, feedback, dmarc, tls or people" },
            new("--kind") { Description = "bounce, delayed, delivered, feedback, vacation or other" },
            new("--message") { Description = "The message it is about" },
            new("--reporter") { Description = "Who sent it" },
            .. ListVerb.Times("Came"),
        ]);

    public static Verb Show()
    {
        var id = new Argument<string>("id") { Description = "Its id, as in the list" };
        var raw = new Option<bool>("--raw") { Description = "The mail itself (message/rfc822)" };
        return new Verb("show", "Show a mail that came in, and what is known of who sent it.", async call =>
        {
            var path = $"v1/bounces/mails/{call.Part(id)}";
            if (call.Get(raw))
            {
                await using var to = call.Terminal.RawOut();
                await call.Api.Copy($"{path}/raw", to, call.Cancel);
            }
            else call.Print.Show(await call.Look(path), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id, raw);
    }

    public static Verb Reread()
    {
        var id = new Argument<string?>("id")
        {
            Description = "Its id; without one, all that no rule has understood",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb("reread", "Read mails again with the current rules.", async call =>
        {
            var path = call.Get(id) is { } one ? $"v1/bounces/mails/{Call.Part(one)}/reread"
                : "v1/bounces/mails/reread";
            var answer = await call.Order(HttpMethod.Post, path);
            call.Print.Say($"{answer.Json.Text("mails")} read again.", ("mails", answer.Json.Text("mails")));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id);
    }
}
