using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Alerts;

/// <summary><c>akkamail reputation list</c>: the scores of tenants and their sending domains.</summary>
internal static class ReputationVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("tenant"), Field.Text("domain"), Field.Number("score"), Field.State("standing"),
        Field.Number("messages"),
        Field.Text("worst", "Costs most", r => r.Text("worst") is { Length: > 0 } worst ? worst : null),
        Field.Share("share", "Share", r => r.Text("worst") is { Length: > 0 } ? r.Number("share") : null),
    ];

    public static Command Create() => new("reputation", "How tenants and their domains stand with receivers.")
    {
        ListVerb.Of("list", "List tenants and their sending domains with their scores, 0 to 100.",
            _ => "v1/reputation", "reputations", Columns),
    };
}
