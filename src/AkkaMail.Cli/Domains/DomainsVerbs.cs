using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Domains;

/// <summary><c>akkamail domains list|show|add|zone|verify|rotate|dmarc|tls|remove</c>.</summary>
internal static class DomainsVerbs
{
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromSeconds(15);

    private static readonly Field[] Columns =
    [
        Field.Text("domain").Cut(), Field.State("state"), Field.Text("tenant"), Field.Time("state_since", "Since"),
    ];

    private static readonly View One = new(
        [.. Columns, Field.Time("created_at", "Added")],
        new("key", "Keys", d => d.Rows("keys"),
        [
            Field.Text("selector"), Field.Text("algorithm"), Field.State("state"),
            Field.Time("active_from", "Signs since"), Field.Time("retires_at", "Record stays until"),
        ]),
        new("record", "Records to publish", d => d.Rows("records"),
        [
            Field.State("state"), Field.Text("type"), Field.Text("name"),
            // Nobody copies 400 letters of a key off a table: zone has them.
            Field.Text("value").Cut().Extra(),
            Field.Text("advice", "What to do").Wrap(),
        ]));

    public static Command Create() => new("domains", "Sending domains and their DNS records.")
    {
        ListVerb.Of("list", "List the domains, by name.", _ => "v1/domains", "domains", Columns),
        Show(), Add(), Zone(), Verify(), Rotate(), ReportedVerbs.Dmarc(), ReportedVerbs.Tls(), Remove(),
    };

    private static Verb Show()
    {
        var domain = Domain();
        return new Verb("show", "Show a domain, its keys and records, and what to do.", async call =>
        {
            call.Print.Show(await call.Look(PathOf(call, domain)), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(domain);
    }

    private static Verb Add()
    {
        var domain = Domain();
        return new Verb("add", "Add a domain, and print the records to publish.", async call =>
        {
            var name = call.Get(domain);
            call.Print.Show(await call.Order(HttpMethod.Post, "v1/domains", new() { ["domain"] = name }), One);
            call.Print.Note($"Publish these records ('akkamail domains zone {name}' has them as lines of a zone file), "
                + $"then: akkamail domains verify {name} --wait");
            return ExitCode.Done;
        })
        { OfTenant = true }.With(domain);
    }

    private static Verb Zone()
    {
        var domain = Domain();
        return new Verb("zone", "Print the records as lines of a zone file.", async call =>
        {
            var zone = await call.Api.Bytes(HttpMethod.Get, $"{PathOf(call, domain)}/zone", call.Cancel);
            call.Terminal.Out.Write(System.Text.Encoding.UTF8.GetString(zone));
            return ExitCode.Done;
        })
        { OfTenant = true, PrintsOnly = "lines of a zone file" }.With(domain);
    }

    private static Verb Verify()
    {
        var (domain, wait) = (Domain(), Waits.Option("it is verified"));
        return new Verb("verify", "Look a domain's records up now.", async call =>
        {
            var time = Waits.TimeOf(call, wait);
            Answer? last = null;
            var isVerified = await Waits.Until(call, time ?? TimeSpan.Zero, VerifyEvery, async () =>
            {
                if (last is not null)
                    call.Print.Note($"{last.Json.Text("domain")} is {last.Json.Text("state")}: looking again.");
                last = await call.Order(HttpMethod.Post, $"{PathOf(call, domain)}/verify");
                return last.Json.Text("state") == "verified";
            });
            call.Print.Show(last!, One);
            if (isVerified) return ExitCode.Done;
            call.Print.Note($"{last!.Json.Text("domain")} is {last.Json.Text("state")}: "
                + "what each record needs stands at its end.");
            return time is null ? ExitCode.Found : ExitCode.StillWaiting;
        })
        { OfTenant = true, Finds = "the domain is not verified", Waits = true }.With(domain, wait);
    }

    private static Verb Rotate()
    {
        var (domain, yes) = (Domain(), Confirmation.Option());
        var algorithm = new Option<string?>("--algorithm") { Description = "rsa or ed25519. Default: both" };
        return new Verb("rotate", "Start signing with the next keys, and create the ones after them.", async call =>
        {
            call.Ask(yes, $"{call.Get(domain)} signs with its next keys, and those of now retire.");
            var body = call.Body(algorithm);
            call.Print.Show(await call.Order(HttpMethod.Post, $"{PathOf(call, domain)}/rotate", body), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(domain, algorithm, yes);
    }

    private static Verb Remove()
    {
        var (domain, note, yes) = (Domain(), Confirmation.Note(), Confirmation.Option());
        return new Verb("remove", "Stop sending from a domain; its private keys are deleted.", async call =>
        {
            var name = call.Get(domain);
            call.Ask(yes, $"Nothing is sent from {name} any more, and its private keys are deleted.");
            await call.Remove(PathOf(call, domain), note);
            call.Print.Say($"Domain {name} is removed.", ("domain", name), ("state", "removed"));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(domain, note, yes);
    }

    private static Argument<string> Domain() => new("domain") { Description = "The domain, as in example.com" };

    private static string PathOf(Call call, Argument<string> domain) => $"v1/domains/{call.Part(domain)}";
}
