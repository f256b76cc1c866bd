using System.Net;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.Cluster;

/// <summary>There is one cluster on a database, whatever the network does and whatever an operator asks for.</summary>
[Collection(Alone.Name)]
public sealed class OneCluster
{
    [NamespacesFact]
    public async Task Who_starts_where_its_fellows_cannot_be_reached_waits_for_them_and_founds_nothing()
    {
        await using var nodes = await Nodes.PrepareLimited(isApart: true);
        await nodes.Started(2);
        var third = nodes[3];
        nodes.Network.Cut(third.Number);

        third.Begin();
        var said = "";
        await Wait.Until(async () => (said = await Readiness(third)).Contains("let in by", StringComparison.Ordinal), seen: () => said);
        Assert.Contains(nodes[1].Address, said, StringComparison.Ordinal);
        Assert.Contains(nodes[2].Address, said, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(12));   // Longer than who may found has to watch.
        Assert.Contains("let in by", await Readiness(third), StringComparison.Ordinal);
        Assert.Equal(1, await nodes.Foundings());

        nodes.Network.Mend(third.Number);
        await third.Ready();
        Assert.Equal(1, await nodes.Foundings());
        Assert.Equal(3, await nodes.Up(third));
    }

    /// <summary>503 and why, or nothing while nobody listens yet.</summary>
    private static async Task<string> Readiness(ServerNode of)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(of.Url, "/health/ready"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException e) { return e.Message; }
    }

    [Fact]
    public async Task Who_is_told_to_begin_one_of_its_own_beside_it_ends_with_a_sentence()
    {
        await using var nodes = await Nodes.Prepare();
        await nodes.Started(1);
        var second = nodes[2];

        second.Set("AkkaMail__Cluster__Seeds", second.Address);
        second.Begin();
        Assert.NotEqual(0, await second.Server.Ended());
        Assert.Contains($"Cluster:Seeds names {second.Address}, but the cluster on this database is {nodes[1].Address}: "
            + "there is one cluster on a database.", second.Server.Output, StringComparison.Ordinal);
        Assert.Equal(1, await nodes.Foundings());
        Assert.Equal(1, await nodes.Up(nodes[1]));
    }
}
