using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary>The options that all verbs have, and the one that those have whose things are a tenant's.</summary>
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

    private readonly Option<string?> _output = new Option<string?>("--output", "-o")
    {
        Description = "table, tabs, json (what the server answers) or jsonl (an entry a line). "
            + "Default: table on a terminal, tabs in a pipe",
        Recursive = true,
    }.AcceptOnlyFromAmong("table", "tabs", "json", "jsonl");

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "The tenant to act for, with a key that has all rights",
    };

    /// <summary>
    /// Why something is done. The API's word is <c>note</c>: a <c>reason</c> is there why a mail has bounced.
    /// </summary>
    public static Option<string?> Note(string says) => new("--note", "--reason") { Description = says };

    public void AddTo(Command root)
    {
        root.Options.Add(_url);
        root.Options.Add(_key);
        root.Options.Add(_output);
    }

    public void AddTenantTo(Command verb) => verb.Options.Add(_tenant);

    public Output OutputOf(ParseResult parsed, Terminal terminal) => parsed.GetValue(_output) switch
    {
        "table" => Output.Table,
        "tabs" => Output.Tabs,
        "json" => Output.Json,
        "jsonl" => Output.JsonLines,
        _ => terminal.Width is null ? Output.Tabs : Output.Table,
    };

    public Api Open(ParseResult parsed, bool ofTenant)
    {
        var url = parsed.GetValue(_url) ?? NotEmpty("AKKAMAIL_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{url}' is not an http or https address.");
        return new(address, parsed.GetValue(_key) ?? NotEmpty("AKKAMAIL_KEY") ?? NotEmpty("AkkaMail__AdminKey"),
            ofTenant ? parsed.GetValue(_tenant) : null);
    }

    private string? NotEmpty(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
