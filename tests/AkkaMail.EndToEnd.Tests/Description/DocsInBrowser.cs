using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaMail.EndToEnd.Tests.Description;

/// <summary>What the server says of itself to people and programs, without a key and without another host.</summary>
[Collection(Resolving.Name)]
public sealed partial class DocsInBrowser(Resolving server)
{
    private static readonly string[] Pages = [.. Directory
        .EnumerateFiles(Path.Combine(ThisBuild.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(ThisBuild.Root, f).Replace('\\', '/'))];

    /// <summary>The page has 5 MB of script, and the machine is busy.</summary>
    private static readonly LocatorAssertionsToBeVisibleOptions Patience = new() { Timeout = 60_000 };

    private Uri Url => server.Installation.Server.Url;

    [Fact]
    public async Task The_description_is_shown_in_a_browser_that_reaches_nothing_else()
    {
        await using var chromium = await Chromium.Open(new(Url, "/docs"));

        await Expect(chromium.Page.GetByRole(AriaRole.Heading, new() { Name = "AkkaMail" }).First)
            .ToBeVisibleAsync(Patience);
        await Expect(chromium.Page.GetByText("Accept mail for delivery").First).ToBeVisibleAsync(Patience);

        Assert.Empty(chromium.Foreign);
        Assert.Empty(chromium.Faults);
    }

    [Fact]
    public async Task The_index_for_programs_leads_to_every_page()
    {
        using var http = new HttpClient { BaseAddress = Url };

        var index = await http.GetStringAsync("/llms.txt");

        Assert.StartsWith("# AkkaMail\n\n> ", index, StringComparison.Ordinal);
        var links = Link().Matches(index).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(Pages.Select(p => $"/{p}").Order(), links.Where(l => l.EndsWith(".md", StringComparison.Ordinal)).Order());
        foreach (var link in links) Assert.NotEmpty(await http.GetStringAsync(link));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(ThisBuild.Root, "docs/start.md")), await http.GetStringAsync("/docs/start.md"));
        Assert.Contains("# Sending by the API", await http.GetStringAsync("/llms-full.txt"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\]\((/[^)]+)\)")]
    private static partial Regex Link();
}
