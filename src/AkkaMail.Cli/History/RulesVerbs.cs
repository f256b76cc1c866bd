using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.History;

/// <summary><c>akkamail rules list</c> and <c>akkamail rules show KIND VERSION</c>: what a version says.</summary>
internal static class RulesVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("kind"), Field.Text("version"), Field.Time("first_seen"),
        Field.State("current", of: r => r.Is("current") ? "yes" : null),
        Field.Text("over", "Over shipped").Extra(),
    ];

    public static Command Create() => new("rules", "The texts behind the versions of rules.")
    {
        ListVerb.Of("list", "List rules that have ever held, newest first.", _ => "v1/rules", "rules", Columns, filters:
            [new("--kind") { Description = "shaping or bounces" }]),
        Show(),
    };

    private static Verb Show()
    {
        var kind = new Argument<string>("kind") { Description = "shaping or bounces" };
        var version = new Argument<string>("version") { Description = "As a story or a lane names it" };
        return new Verb("show", "Print the text of rules as it was written.", async call =>
        {
            var answer = await call.Look($"v1/rules/{call.Part(kind)}/{call.Part(version)}");
            if (call.Print.IsJson) call.Print.Json(answer.Text);
            else
                foreach (var line in (answer.Json.Text("text") ?? "").TrimEnd('\n').Split('\n'))
                    call.Terminal.Out.WriteLine(Terminal.Plain(line.TrimEnd('\r')));
            return ExitCode.Done;
        })
        { OfTenant = true, PrintsOnly = "the text" }.With(kind, version);
    }
}
