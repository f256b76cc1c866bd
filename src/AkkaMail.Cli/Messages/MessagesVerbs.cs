using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail messages list|show|cancel</c>.</summary>
internal static class MessagesVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Time("accepted_at"), Field.State("status"), Field.Text("id"),
        Field.Text("to").Cut(),
        Field.Text("subject").Cut().Extra(),
        Field.Text("waiting.held_by").ForPrograms(),
        Field.Time("waiting.until").ForPrograms(),
        Field.ForPeople("Waits for", (m, now) => new("", WaitingWords.Short(m, now))).Cut(),
        Field.Text("tenant").Extra(),
        Field.Text("stream").Extra(),
        Field.Many("tags").Extra(),
    ];

    public static Command Create() => new("messages", "Messages: what was accepted, and what became of it.")
    {
        List(), Show(), Cancel(),
    };

    private static Verb List() => ListVerb.Of(
        "list", "List messages, newest first.", _ => "v1/messages", "messages", Columns, filters:
        [
            new("--status") { Description = "accepted, scheduled, sending, deferred, delivered, bounced, expired, "
                + "suppressed, cancelled or failed" },
            new("--recipient") { Description = "The whole address" },
            new("--domain") { Description = "The domain of the recipient" },
            new("--sender") { Description = "The domain it is from" },
            new("--provider") { Description = "Whose site its last try came to; ~other: nobody's that is known, "
                + "~waiting: to none so far, ~none: it ended before, ~unknown: to one" },
            new("--source") { Description = "The source its last try went by" },
            new("--reason") { Description = "Why its last try was refused or put off, as unknown_user" },
            new("--tag") { Description = "A tag it was sent with" },
            new("--stream") { Description = "A stream of the tenant" },
            .. ListVerb.Times("Accepted"),
        ]);

    private static Verb Show()
    {
        var id = Id();
        var raw = new Option<bool>("--raw") { Description = "The mail itself (message/rfc822)" };
        return new Verb("show", "Show a message: what it is, why it waits, and its story.", async call =>
        {
            var path = $"v1/messages/{call.Part(id)}";
            if (call.Get(raw))
            {
                await using var to = call.Terminal.RawOut();
                await call.Api.Copy($"{path}/raw", to, call.Cancel);
            }
            else call.Print.Show(await call.Look(path), ShownMessage.View);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id, raw);
    }

    private static Verb Cancel()
    {
        var (id, note, yes) = (Id(), SharedOptions.Note("Why; kept in the message's story"), Confirmation.Option());
        return new Verb("cancel", "Cancel a message whose delivery has not started.", async call =>
        {
            call.Ask(yes, $"The message {call.Get(id)} is never sent.");
            var answer = await call.Order(
                HttpMethod.Delete, $"v1/messages/{call.Part(id)}" + Call.Query(("note", call.Get(note))));
            var (name, status) = (answer.Json.Text("id"), answer.Json.Text("status"));
            call.Print.Say($"Message {name} is {status}.", ("id", name), ("status", status));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(id, note, yes);
    }

    private static Argument<string> Id() => new("id") { Description = "A message's id, as send prints it" };
}
