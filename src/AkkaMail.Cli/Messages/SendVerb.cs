using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Messages;

/// <summary><c>akkamail send</c>: one mail from options, or any request from a file.</summary>
internal static class SendVerb
{
    private static readonly Field[] Columns = [Field.Text("id"), Field.Text("to"), Field.State("status")];

    public static Verb Create()
    {
        var mail = new SendOptions();
        var json = new Option<string?>("--json") { Description = "The whole request from a file; - is standard input" };
        var key = new Option<string?>("--idempotency-key")
        {
            Description = "The same send with the same key within 24 h is accepted once",
        };
        var wait = Waits.Option("every message has ended");
        var verb = new Verb("send", "Send a mail. Prints each message: id, recipient and status.", async call =>
        {
            var body = call.Get(json) is { } file
                ? await InputFile.Text(file, call) : (await mail.Request(call)).ToJsonString();
            var time = Waits.TimeOf(call, wait);
            var answer = await call.Api.Json(HttpMethod.Post, "v1/messages", call.Cancel, body, call.Get(key));
            if (time is { } most) return await SendWait.Run(call, answer.Json, most);
            call.Print.List(answer, "messages", Columns);
            return ExitCode.Done;
        })
        {
            OfTenant = true,
            Waits = true,
            Finds = "with `--wait`: a message has ended otherwise than delivered",
            Prints = Columns,
        }.With([.. mail.All, json, key, wait]);
        verb.Validators.Add(result =>
        {
            var isMail = result.GetValue(mail.From) is not null && result.GetValue(mail.To) is { Length: > 0 };
            if (result.GetResult(json) is null && !isMail)
                result.AddError("send needs --from and --to, or --json.");
            if (result.GetResult(json) is not null && mail.All.Any(o => result.GetResult(o) is not null))
                result.AddError("--json is the whole request: no other option of the mail goes with it.");
        });
        return verb;
    }
}
