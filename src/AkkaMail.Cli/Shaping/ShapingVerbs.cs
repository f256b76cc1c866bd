using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Shaping;

/// <summary><c>akkamail shaping validate FILE</c> and <c>akkamail shaping show</c>.</summary>
internal static class ShapingVerbs
{
    private static readonly View Now = new(
        [
            Field.Text("version"), Field.Text("file"), Field.Time("loaded_at"), Field.Text("missing_sources"),
            .. ((string[])["providers", "domains", "sources", "pools", "tenants", "streams", "warm_up_plans", "rules"])
                .Select(name => Field.Number($"counts.{name}")),
        ],
        new ViewSection("refused", "A later file is refused", s => s["refused"].Rows("errors"),
            [Field.Number("line"), Field.Text("field"), Field.Text("message", "What is wrong").Wrap()]));

    public static Command Create() => new("shaping", "The shaping file.") { Show(), Validate() };

    private static Verb Validate()
    {
        var file = new Argument<string>("file") { Description = "The file to look at; - reads standard input" };
        return new Verb("validate", "Say whether the server would take a file, and if not, why. Changes nothing.",
            async call =>
            {
                var text = await InputFile.Text(call.Get(file), call);
                var answer = await call.Api.Json(HttpMethod.Post, "v1/shaping/validate", call.Cancel, text);
                if (call.Print.IsJson) call.Print.Json(answer.Text);
                else
                    call.Print.Say($"It would be taken, as {answer.Json.Text("version")}.",
                        ("state", "valid"), ("version", answer.Json.Text("version")));
                foreach (var warning in answer.Json.Rows("warnings"))
                    call.Print.Note($"line {warning.Text("line")} {warning.Text("field")}: {warning.Text("message")}");
                return ExitCode.Done;
            }).With(file);
    }

    private static Verb Show() => new("show", "Show which rules hold, and what was refused.", async call =>
    {
        call.Print.Show(await call.Look("v1/shaping"), Now);
        return ExitCode.Done;
    });
}
