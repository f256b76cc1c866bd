using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>The dashboard's page of the cluster, under the policy of its pages: a refusal of that is a fault.</summary>
[Collection(Resolving.Name)]
public sealed partial class ClusterPage(Resolving server)
{
    [Fact]
    public async Task One_node_is_a_row_with_its_ledgers()
    {
        await using var chromium = await OpenAt(server.Installation.Server.Url);
        var page = chromium.Page;
        var told = JsonNode.Parse(await server.Api.Http.GetStringAsync("/v1/cluster"))!;
        var node = Assert.Single(told["nodes"]!.AsArray())!;

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "One node is up" })).ToBeVisibleAsync();
        var row = RowOf(page, node);
        await Expect(row).ToContainTextAsync("up");
        await Expect(Ledgers(row)).ToHaveCountAsync(told["ledgers"]!.AsArray().Count);

        // Nobody is there to take one, and what could be ordered of the only node is not offered.
        await Ledgers(row).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("There is no other node");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Orders" })).ToHaveCountAsync(0);

        Assert.Empty(chromium.Faults);
        Assert.Empty(chromium.Foreign);
    }

    [Fact]
    public async Task A_tenant_is_not_led_there()
    {
        var tenant = Mails.Unique("acme");
        await server.Installation.Make("/v1/tenants", new { name = tenant });
        var made = await server.Installation.Make("/v1/keys", new { name = "k", scopes = new[] { "read" } }, tenant);

        await using var chromium = await Chromium.Open(new(server.Installation.Server.Url, $"/#key={made["key"]}"));

        await Expect(chromium.Page.GetByRole(AriaRole.Link, new() { Name = "Messages" })).ToBeVisibleAsync();
        await Expect(chromium.Page.GetByRole(AriaRole.Link, new() { Name = "Cluster" })).ToBeHiddenAsync();
    }

    internal static async Task<Chromium> OpenAt(Uri url)
    {
        var chromium = await Chromium.Open(new(url, $"/#key={ServerProcess.AdminKey}"));
        await chromium.Page.GetByRole(AriaRole.Link, new() { Name = "Cluster" }).ClickAsync();
        return chromium;
    }

    /// <summary>Of a node as the API tells it.</summary>
    internal static ILocator RowOf(IPage page, JsonNode node) =>
        page.GetByRole(AriaRole.Row).Filter(new() { HasText = ((string)node["node"]!).Split('@')[1] });

    internal static ILocator Ledgers(ILocator within) => within.GetByRole(AriaRole.Button, new() { NameRegex = Ledger() });

    [GeneratedRegex("^Ledger [0-9]+")]
    private static partial Regex Ledger();
}
