using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Scalar.AspNetCore;

namespace AkkaMail.Server.Description;

/// <summary>
/// What a newcomer and a program read first, without a key and without another host: <c>/docs</c> shows the description,
/// <c>/docs/….md</c> are the pages of <c>docs</c>, <c>/llms.txt</c> says what is on each (llmstxt.org), and
/// <c>/llms-full.txt</c> is all of them.
/// </summary>
internal static partial class DocsPages
{
    private const string Prefix = "pages/";
    private const int SaidCharacters = 60;
    private const string Markdown = "text/markdown; charset=utf-8", Text = "text/plain; charset=utf-8";

    /// <summary>
    /// The page loads what is on this server and nothing else. Its own scripts have the nonce; its styles are written by
    /// script, and <c>unsafe-inline</c> for styles shows at worst a wrong colour.
    /// </summary>
    private static string Policy(string? nonce) =>
        $"default-src 'none'; script-src 'self'{(nonce is null ? "" : $" 'nonce-{nonce}'")}; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDocs(this WebApplication app)
    {
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/docs"), docs => docs.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.ContentSecurityPolicy =
                    Policy(http.Items[ScalarOptions.NonceHttpContextItemKey] as string);
                http.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Task.CompletedTask;
            });
            return next(http);
        }));
        app.MapScalarApiReference("/docs", options => options
            .WithTitle("AkkaMail").WithOpenApiRoutePattern("/openapi/v1.json").WithNonce()
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes(ApiDescription.Scheme)).ExcludeFromDescription();

        var pages = Read();
        foreach (var page in pages)
            app.MapGet($"/docs/{page.Path}", () => TypedResults.Text(page.Text, Markdown)).ExcludeFromDescription();
        var (index, full) = (Index(pages), string.Join("\n\n", pages.Select(p => p.Text)));
        app.MapGet("/llms.txt", () => TypedResults.Text(index, Text)).ExcludeFromDescription();
        app.MapGet("/llms-full.txt", () => TypedResults.Text(full, Text)).ExcludeFromDescription();
    }

    public sealed record Page(string Path, string Title, string Says, string Text);

    public static IReadOnlyList<Page> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var pages = new List<Page>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var text = reader.ReadToEnd();
            var parts = text.Split("\n\n");
            pages.Add(new(name[Prefix.Length..].Replace('\\', '/'), parts[0].TrimStart('#').Trim(),
                Beginning(Link().Replace(parts.Skip(1).First(p => p[0] != '#').ReplaceLineEndings(" "), "$1")), text));
        }
        return [.. pages.OrderBy(p => Rooms.IndexOf(RoomOf(p))).ThenBy(p => p.Path, StringComparer.Ordinal)];
    }

    /// <summary>
    /// What a page is about: the sentences it begins with, until they say something. Their links lead on from the page, and
    /// not from where they are told.
    /// </summary>
    private static string Beginning(string paragraph)
    {
        var end = paragraph.IndexOf(". ", Math.Min(SaidCharacters, paragraph.Length), StringComparison.Ordinal);
        return end < 0 ? paragraph : paragraph[..(end + 1)];
    }

    /// <summary>
    /// The folders of the pages, each with its heading, in the order in which somebody needs them. What is for who changes
    /// AkkaMail itself comes last (llmstxt.org: what may be left out where there is little room).
    /// </summary>
    private static readonly OrderedDictionary<string, string> Rooms = new()
    {
        [""] = "Start",
        ["sending"] = "Sending",
        ["sending/languages"] = "Sending from your language",
        ["operating"] = "Operating",
        ["reference"] = "Reference",
        ["internals"] = "Optional",
    };

    private static string RoomOf(Page page) => (Path.GetDirectoryName(page.Path) ?? "").Replace('\\', '/');

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();

    public static string Index(IReadOnlyList<Page> pages)
    {
        var text = new StringBuilder(
            """
            # AkkaMail

            > A mail engine: it takes mail by HTTP and SMTP, promises it with a 202, and delivers it. Every message ends in
            > exactly one terminal status, and says why.

            The API is described in OpenAPI 3.1 at [/openapi/v1.json](/openapi/v1.json), for people at [/docs](/docs).

            """);
        foreach (var room in pages.GroupBy(RoomOf))
            text.Append('\n').Append("## ").Append(Rooms[room.Key]).Append("\n\n")
                .AppendJoin('\n', room.Select(page => $"- [{page.Title}](/docs/{page.Path}): {page.Says}")).Append('\n');
        return text.ToString();
    }
}
