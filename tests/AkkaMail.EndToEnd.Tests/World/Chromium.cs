using Microsoft.Playwright;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// A page of the server in Debian's Chromium, cut off from everything else: what it asks of another host gets nothing, and
/// is remembered.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page) =>
        (_playwright, _browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    /// <summary>What it wanted of other hosts.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>Errors of scripts, and what the policy of the page has refused.</summary>
    public List<string> Faults { get; } = [];

    public static async Task<Chromium> Open(Uri url)
    {
        var playwright = await Playwright.CreateAsync();
        // Who tests as root has no sandbox; what is shown is ours.
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var made = new Chromium(playwright, browser, page);
        await page.RouteAsync(_ => true, route =>
        {
            var asked = new Uri(route.Request.Url);
            if (asked.Scheme is "data" or "blob" || asked.Authority == url.Authority) return route.ContinueAsync();
            lock (made.Foreign) made.Foreign.Add(route.Request.Url);
            return route.AbortAsync();
        });
        page.PageError += (_, fault) => made.Note(fault);
        page.Console += (_, line) =>
        {
            if (line.Type == "error") made.Note(line.Text);
        };
        await page.GotoAsync(url.ToString());
        return made;
    }

    private void Note(string fault)
    {
        lock (Faults) Faults.Add(fault);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
