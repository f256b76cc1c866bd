using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Hygiene;

/// <summary><c>akkamail hygiene check FILE</c> and <c>akkamail hygiene unengaged</c>.</summary>
internal static class HygieneVerbs
{
    private static readonly Field[] Unengaged =
    [
        Field.Text("address", of: a => a.Text("address") ?? "-").Cut(), Field.Number("delivered"),
        Field.Time("last_at", "Last delivery"), Field.Time("last_engaged_at").ForPrograms(),
        Field.ForPeople("Last sign of life", (a, now) => a["last_engaged_at"] is null ? new("", "never", Tone.Quiet)
            : Field.Time("last_engaged_at").Of(a, now)),
    ];

    public static Command Create() => new("hygiene", "Lists of addresses, before they are sent to.")
    {
        Check(), NeverEngaging(),
    };

    private static Verb Check()
    {
        var file = new Argument<string>("file")
        {
            Description = "One address a line, or CSV with a column address or email; - is standard input",
        };
        var all = new Option<bool>("--all") { Description = "Show addresses without problems too" };
        var stream = new Option<string?>("--stream") { Description = "Whose suppressions count. Default: broadcast" };
        return new Verb("check", "Look at a list before mail is sent to it.", async call =>
        {
            var name = call.Get(file);
            var report = new HygieneReport(call.Print, call.Get(all));
            await using var list = InputFile.Open(name, call);
            // Quotes in a plain list belong to the address.
            var type = name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? "text/plain" : "text/csv";
            var path = $"v1/hygiene/check{Call.Query(("stream", call.Get(stream)))}";
            await call.Api.Lines(path, list, type, report.Take, call.Cancel);
            return report.End();
        })
        {
            OfTenant = true,
            Finds = "an address is bad, or the list was not checked to its end",
            Prints = HygieneReport.Columns,
        }.With(file, all, stream);
    }

    private static Verb NeverEngaging()
    {
        static Option<string?> Number(string name, string says, string usual) =>
            new(name) { Description = $"{says}. Default: {usual}", DefaultValueFactory = _ => usual };

        return ListVerb.Of(
            "unengaged", "List addresses that accept mail and never engage.", _ => "v1/hygiene/unengaged", "addresses",
            Unengaged, filters:
            [
                Number("--delivered", "Minimum number of mails delivered", "5"),
                Number("--days", "Within this many days", "180"),
            ], remark: page => page.Text("engaged") != "0" ? null
                : "No sign of life was ever told, so this is everybody: akkamail engagement add tells them.");
    }
}
