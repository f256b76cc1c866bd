using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Suppression;

/// <summary><c>akkamail suppressions import FILE</c> and <c>export</c>: whole lists, as CSV.</summary>
internal static class SuppressionFiles
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private static readonly View Outcome = new(
        [
            Field.Text("id"), Field.State("state"), Field.Number("lines"), Field.Number("added"),
            Field.Number("known", "There already"), Field.Number("faulty", "Not taken"), Field.Text("problem"),
        ],
        new ViewSection("fault", "Lines that were not taken", import => import.Rows("faults"),
            [Field.Number("line"), Field.Text("message").Wrap()]));

    public static Verb Import()
    {
        var file = new Argument<string>("file")
        {
            Description = "CSV whose first line names the columns, or one address a line; - is standard input",
        };
        return new Verb("import", "Take a list from a file, and stay until all of it is taken.", async call =>
        {
            await using var list = InputFile.Open(call.Get(file), call);
            var import = await call.Api.Post("v1/suppressions/import", list, "text/csv", call.Cancel);
            var path = $"v1/suppressions/imports/{Uri.EscapeDataString(import.Json.Text("id")!)}";
            while (import.Json.Text("state") == "running")
            {
                await Task.Delay(LookEvery, call.Terminal.Time, call.Cancel);
                import = await call.Look(path);
            }
            call.Print.Show(import, Outcome);
            return import.Json.Text("state") == "done" && import.Json.Text("faulty") == "0"
                ? ExitCode.Done : ExitCode.Found;
        })
        { OfTenant = true, Finds = "a line could not be taken; the others are" }.With(file);
    }

    public static Verb Export() => new("export", "Print all entries in force as CSV.", async call =>
    {
        await using var to = call.Terminal.RawOut();
        await call.Api.Copy("v1/suppressions/export", to, call.Cancel);
        return ExitCode.Done;
    })
    { OfTenant = true, PrintsOnly = "CSV" };
}
