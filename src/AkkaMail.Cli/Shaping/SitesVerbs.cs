using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Shaping;

/// <summary>
/// <c>akkamail sites explain DOMAIN</c>: its site, and the limits there with the line of each; <c>sites history
/// DOMAIN</c>: the sites it has belonged to.
/// </summary>
internal static class SitesVerbs
{
    private static readonly Field[] Changes =
    [
        Field.Time("at", "Since"), Field.Text("site"), Field.Text("before").Extra(),
        Field.Text("reason").Wrap(),
    ];

    private static readonly View Site = new(
        [
            Field.Text("domain"), Field.Many("mx_hosts", "MX hosts"), Field.Text("site"), Field.Text("provider"),
            Field.Text("reason"), Field.Text("pool"), Field.Many("rules"),
            Field.Text("retry", of: s => $"{s.Text("retry.first_delay")} to {s.Text("retry.max_delay")}"),
            Field.Text("retry.origin", "That is said in"), Field.Time("until", "DNS holds until"),
        ],
        new ViewSection("limit", "What each source may do there", Limits,
        [
            Field.Text("source"), Field.Text("limit"), Field.Text("value"), Field.Text("origin", "Said in").Wrap(),
        ]));

    public static Command Create() => new("sites", "Receivers, as sites: how domains are grouped.")
    {
        Explain(), History(),
    };

    private static Verb History()
    {
        var domain = Domain();
        return new Verb("history", "List which sites a domain has belonged to, newest first.", async call =>
        {
            call.Print.List(await call.Look($"v1/sites/{call.Part(domain)}/history"), "changes", Changes);
            return ExitCode.Done;
        })
        { Prints = Changes }.With(domain);
    }

    private static Verb Explain()
    {
        var domain = Domain();
        Option<string?>[] narrow = [.. ((string[])["source", "tenant", "stream"])
            .Select(name => new Option<string?>($"--{name}") { Description = $"Of this {name}" })];
        return new Verb("explain", "Show a domain's site, what each source may do there, and where that is said.",
            async call =>
            {
                call.Print.Show(await call.Look($"v1/sites/{call.Part(domain)}/explain", call.Given(narrow)), Site);
                return ExitCode.Done;
            }).With([domain, .. narrow]);
    }

    private static Argument<string> Domain() => new("domain") { Description = "A recipient's domain" };

    private static IEnumerable<JsonNode> Limits(JsonNode site)
    {
        foreach (var source in site.Rows("sources"))
        {
            if (source.Is("missing")) yield return Row(source, "address", "missing", null);
            foreach (var (name, limit) in source["limits"]?.AsObject() ?? [])
                yield return Row(source, Field.Words(name), limit.Text("value"), limit.Text("origin"));
        }
    }

    private static JsonObject Row(JsonNode source, string limit, string? value, string? origin) => new()
    {
        ["source"] = source.Text("source"),
        ["limit"] = limit,
        ["value"] = value,
        ["origin"] = origin,
    };
}
