namespace AkkaMail.Cli.Tests;

public sealed class ClusterVerbsTests
{
    /// <summary>What the list shows has slashes, which would be parts of a path: host and port are enough.</summary>
    [Theory]
    [InlineData("akka.ssl.tcp://akkamail@mail1.example.com:4053", "mail1.example.com:4053")]
    [InlineData("mail1.example.com:4053", "mail1.example.com:4053")]
    [InlineData("mx1", "mx1")]
    public async Task A_node_is_ordered_by_the_address_that_the_list_shows(string named, string part)
    {
        await using var server = await StubServer.Start("""{"nodes":[],"ledgers":[],"orders":[],"warnings":[]}""", 202);

        var ran = await Runs.Akkamail(server.Url, ["cluster", "leave", named, "--reason", "a new disk", "--yes"]);

        Assert.Equal(0, ran.Code);
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("POST", $"/v1/cluster/nodes/{part}/leave", """{"reason":"a new disk"}"""), (asked.Method, asked.Target, asked.Body));
    }
}
