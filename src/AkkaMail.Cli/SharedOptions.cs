using System.CommandLine;

namespace AkkaMail.Cli;

/// <summary>The options every command has.</summary>
internal sealed class SharedOptions(Func<string, string?> environment)
{
    private const string DefaultUrl = "http://127.0.0.1:8025";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The server. Default: AKKAMAIL_URL, or {DefaultUrl}",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        // Other users of the machine see a command line, but not an environment.
        Description = "The API key. Default, and better: AKKAMAIL_KEY, or AkkaMail__AdminKey",
        Recursive = true,
    };

    private readonly Option<string> _output = new Option<string>("--output")
    {
        Description = "text: a line each, fields separated by tabs; json: what the server answered",
        Recursive = true,
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    public void AddTo(Command root)
    {
        root.Options.Add(_url);
        root.Options.Add(_key);
        root.Options.Add(_output);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_output) == "json";

    public Api Open(ParseResult parsed, string? tenant = null)
    {
        var url = parsed.GetValue(_url) ?? NotEmpty("AKKAMAIL_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{url}' is not an http or https address.");
        return new(address, parsed.GetValue(_key) ?? NotEmpty("AKKAMAIL_KEY") ?? NotEmpty("AkkaMail__AdminKey"),
            tenant);
    }

    private string? NotEmpty(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
