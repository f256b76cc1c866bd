using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Who takes mail and never engages, as far as the tenant tells.</summary>
[Collection(Relaying.Name)]
public sealed class Unengaged(Relaying server) : IAsyncLifetime
{
    private Api? _tenant;

    private Api Api => _tenant!;

    public async Task InitializeAsync() => _tenant = await server.NewTenant();

    [Fact]
    public async Task Those_that_were_delivered_to_and_showed_no_life_are_listed_with_their_addresses()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.AddRange(await Api.Send(Mails.To("ann@d1.test", "bob@d1.test", "cid@d1.test", "dan@d1.test")));
        ids.AddRange(await Api.Send(Mails.To("eve@d1.test")));   // Once is not often.
        foreach (var id in ids) Assert.Equal("delivered", (await Api.Ended(id)).Status);
        await server.Api.Status(_ => true);   // By now the list has them, too.

        var told = await Post(new { events = new object[] { new { message = ids[0] }, new { address = "Bob@D1.test" } } });

        Assert.Equal(2, (int)told["noted"]!);
        var list = await Get("/v1/hygiene/unengaged?delivered=3&limit=1");
        var rest = await Get($"/v1/hygiene/unengaged?delivered=3&cursor={list["next_cursor"]}");
        var all = list["addresses"]!.AsArray().Concat(rest["addresses"]!.AsArray()).ToList();
        Assert.Equal(["cid@d1.test", "dan@d1.test"], all.Select(a => (string)a!["address"]!).Order());
        Assert.All(all, a => Assert.Equal(3, (int)a!["delivered"]!));
        Assert.Equal((2, null), ((int)rest["engaged"]!, rest["next_cursor"]));
        // What is told of a message counts for the lane it went by.
        await Wait.Until(async () => (await Get("/v1/lanes/default/relay/history"))["events"]!.AsArray()
            .Any(e => (string?)e!["type"] == "feedback" && (int)e["engaged"]! == 1));
    }

    [Fact]
    public async Task What_is_told_wrong_is_named_and_nothing_of_it_is_noted()
    {
        using var answer = await Api.Http.PostAsJsonAsync("/v1/engagement", new
        {
            events = new object[]
            {
                new { address = "ann@d1.test" }, new { address = "nobody" }, new { message = "01m86t5zn900000000000000000-1" },
                new { }, new { address = "ann@d1.test", at = "2999-01-01T00:00:00Z" },
            },
        });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var fields = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsArray()
            .Select(e => (string)e!["field"]!);
        Assert.Equal(["events[1].address", "events[2].message", "events[3]", "events[4].at"], fields);
        Assert.Equal(0, (int)(await Get("/v1/hygiene/unengaged"))["engaged"]!);
    }

    private async Task<JsonNode> Post(object body)
    {
        using var answer = await Api.Http.PostAsJsonAsync("/v1/engagement", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await Api.Http.GetStringAsync(path))!;

    public Task DisposeAsync()
    {
        _tenant?.Dispose();
        return Task.CompletedTask;
    }
}
