using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>What an operator orders in the dashboard happens, and its reason stands there.</summary>
[Collection(Alone.Name)]
public sealed class ClusterPageOrders
{
    /// <summary>Milliseconds: the page asks each five seconds, and a node that leaves ends its attempts first.</summary>
    private const float Patience = 60_000;

    [Fact]
    public async Task A_ledger_is_moved_and_a_node_let_go_with_a_reason_each()
    {
        await using var nodes = await Nodes.Start();
        await Wait.Until(async () => (await Nodes.Look(nodes[1]))["nodes"]!.AsArray().All(n => (int)n!["ledgers"]! > 0),
            TimeSpan.FromSeconds(60));
        await using var chromium = await ClusterPage.OpenAt(nodes[1].Url);
        var page = chromium.Page;
        var told = (await Nodes.Look(nodes[1]))["nodes"]!.AsArray();
        JsonNode Told(int number) => told.Single(n => (string)n!["node"]! == nodes[number].Address)!;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "3 nodes are up" }))
            .ToBeVisibleAsync(new() { Timeout = Patience });

        await ClusterPage.Ledgers(ClusterPage.RowOf(page, Told(1))).First.ClickAsync();
        var ledger = int.Parse((await dialog.GetByRole(AriaRole.Heading).InnerTextAsync()).Split(' ')[^1]);
        await dialog.GetByLabel("To").SelectOptionAsync(nodes[2].Address);
        await dialog.GetByLabel("Why").FillAsync("room for the night");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync();

        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Wait.Until(async () => (await Nodes.Places(nodes[1]))[ledger] == nodes[2].Address, TimeSpan.FromSeconds(30));
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = $"Move ledger {ledger}" }))
            .ToContainTextAsync("room for the night", new() { Timeout = Patience });

        await ClusterPage.RowOf(page, Told(3)).GetByRole(AriaRole.Button, new() { Name = "leave" }).ClickAsync();
        await dialog.GetByLabel("Why").FillAsync("a new kernel");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Let it leave" }).ClickAsync();

        await Expect(dialog).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "2 nodes are up" }))
            .ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "a new kernel" })).ToContainTextAsync("leave");

        Assert.Empty(chromium.Faults);
    }
}
