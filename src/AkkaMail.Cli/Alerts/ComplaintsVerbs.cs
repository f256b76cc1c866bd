using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail complaints list|loops</c>: who is complained about, and who tells.</summary>
internal static class ComplaintsVerbs
{
    private static readonly Field[] Rates =
    [
        Field.Text("subject.tenant", "Tenant"), Field.Text("subject.kind", "Of"),
        Field.Text("subject.name", "Name").Cut(),
        Field.Share("rate", "Rate", r => r.Number("rate")), Field.Number("complaints"), Field.Number("delivered"),
    ];

    private static readonly Field[] Loops =
    [
        Field.Text("reporter"), Field.Number("reports"), Field.Number("complaints"), Field.Number("opt_outs"),
        Field.Number("unattributed", "Not ours"), Field.Time("last_at"),
    ];

    public static Command Create() => new("complaints", "Who is complained about, and who tells.")
    {
        ListVerb.Of("list", "List the complaint rates of the last 7 days.", _ => "v1/complaints", "rates", Rates),
        ListVerb.Of("loops", "List what each feedback loop has told in the last 30 days.",
            _ => "v1/feedback-loops", "loops", Loops),
    };
}
