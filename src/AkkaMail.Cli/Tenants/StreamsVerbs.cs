using System.CommandLine;
using System.Text.Json.Nodes;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Tenants;

/// <summary><c>akkamail streams list|show|add|change|remove</c>.</summary>
internal static class StreamsVerbs
{
    private static readonly Field[] Columns =
    [
        Field.Text("name"), Field.Text("kind"), Field.Text("differs", "Set to", of: Differs).Cut(),
        Field.Text("title").Cut(),
    ];

    private static readonly View One = new(
    [
        Field.Text("name"), Field.Text("tenant"), Field.Text("kind"), Field.Text("title"), Field.Text("unsubscribe"),
        Field.Text("keep_envelope_sender"), Field.Text("text_from_html"), Field.Text("engaged_first"),
        Field.Time("created_at"),
    ]);

    public static Command Create() => new("streams", "Streams: kinds of mail.")
    {
        ListVerb.Of("list", "List a tenant's streams, by name.", _ => "v1/streams", "streams", Columns),
        Show(), Add(), Change(), Remove(),
    };

    private static Verb Show()
    {
        var name = Name();
        return new Verb("show", "Show a stream.", async call =>
        {
            call.Print.Show(await call.Look($"v1/streams/{call.Part(name)}"), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With(name);
    }

    private static Verb Add()
    {
        var (name, title) = (Name(), Title("For people"));
        var kind = new Option<string>("--kind") { Description = "transactional or broadcast; needed", Required = true };
        var switches = Switches(": for broadcast", ": false", ": true", ": for broadcast");
        return new Verb("add", "Add a stream.", async call =>
        {
            var body = new JsonObject { ["name"] = call.Get(name), ["kind"] = call.Get(kind) };
            foreach (var (field, value) in call.Body([title, .. switches]).ToList()) body[field] = value?.DeepClone();
            call.Print.Show(await call.Order(HttpMethod.Post, "v1/streams", body), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With([name, kind, title, .. switches]);
    }

    private static Verb Change()
    {
        var (name, title) = (Name(), Title("For people; an empty one takes it away"));
        var switches = Switches();
        return new Verb("change", "Change a stream; what is left out stays.", async call =>
        {
            var body = call.Body([title, .. switches]);
            if (call.Get(title) is "") body["title"] = null;
            call.Print.Show(await call.Order(HttpMethod.Patch, $"v1/streams/{call.Part(name)}", body), One);
            return ExitCode.Done;
        })
        { OfTenant = true }.With([name, title, .. switches]);
    }

    private static Verb Remove()
    {
        var (name, note, yes) = (Name(), Confirmation.Note(), Confirmation.Option());
        return new Verb("remove", "Remove a stream; what was accepted in it goes on.", async call =>
        {
            var stream = call.Get(name);
            call.Ask(yes, $"The stream {stream} is removed; what was accepted in it goes on.");
            await call.Remove($"v1/streams/{call.Part(name)}", note);
            call.Print.Say($"Stream {stream} is removed.", ("name", stream), ("state", "removed"));
            return ExitCode.Done;
        })
        { OfTenant = true }.With(name, note, yes);
    }

    private static Argument<string> Name() => new("name") { Description = "Small letters, digits, '-', '_' and '.'" };

    private static Option<string?> Title(string says) => new("--title") { Description = says };

    /// <param name="defaults">What holds when nobody says.</param>
    private static Option<bool?>[] Switches(params string[] defaults)
    {
        string Says(string what, int n) => defaults.Length == 0 ? what : $"{what}. Default{defaults[n]}";
        return
        [
            new("--unsubscribe") { Description = Says("Whether its mail offers to unsubscribe", 0) },
            new("--keep-envelope-sender")
            {
                Description = Says(
                    "Whether mail by SMTP keeps a MAIL FROM of a verified domain, and bounces go there", 1),
            },
            new("--text-from-html") { Description = Says("Whether mail with HTML alone gets a text made from it", 2) },
            new("--engaged-first")
            {
                Description = Says("Whether recipients who showed life of late go before others, by an hour at most", 3),
            },
        ];
    }

    private static string Differs(JsonNode stream)
    {
        string?[] differs =
        [
            stream.Is("unsubscribe") ? "unsubscribe" : null,
            stream.Is("keep_envelope_sender") ? "keep_envelope_sender" : null,
            stream.Text("text_from_html") == "false" ? "no_text_from_html" : null,
            stream.Is("engaged_first") ? "engaged_first" : null,
        ];
        return string.Join(',', differs.OfType<string>());
    }
}
