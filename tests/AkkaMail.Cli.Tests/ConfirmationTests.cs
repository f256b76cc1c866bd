namespace AkkaMail.Cli.Tests;

/// <summary>What cannot be undone is not done by a slip of the hand.</summary>
public sealed class ConfirmationTests
{
    public static TheoryData<string, string> Destructive => new()
    {
        { "tenants close acme", "The tenant acme is closed for good" },
        { "domains remove a.test", "Nothing is sent from a.test any more, and its private keys are deleted." },
        { "keys remove k1", "The key k1 ends at once" },
        { "streams remove codes", "The stream codes is removed" },
    };

    [Theory]
    [InlineData("messages cancel s-0", "The message s-0 is never sent. This cannot be undone: say --yes.\n")]
    [InlineData("domains rotate a.test",
        "a.test signs with its next keys, and those of now retire. This cannot be undone: say --yes.\n")]
    [InlineData("projections drop messages",
        "The generation beside the one that is read is gone; another has to be built from the journal. Say --yes.\n")]
    public async Task What_changes_more_than_a_setting_needs_a_yes_too(string line, string says)
    {
        await using var server = await StubServer.Start("");

        var ran = await Runs.Akkamail(server.Url, line.Split(' '));

        Assert.Equal((2, says), (ran.Code, ran.Error));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Destructive))]
    public async Task A_script_has_to_say_yes(string line, string says)
    {
        await using var server = await StubServer.Start("");

        var ran = await Runs.Akkamail(server.Url, line.Split(' '), input: "y\n");

        Assert.Equal(2, ran.Code);
        Assert.StartsWith(says, ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("say --yes.\n", ran.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Destructive))]
    public async Task On_a_terminal_it_is_a_question(string line, string says)
    {
        await using var server = await StubServer.Start([(204, "")]);

        var no = await Runs.Akkamail(server.Url, line.Split(' '), input: "\n", asks: true);
        Assert.Equal((2, 0), (no.Code, server.Requests.Count));
        Assert.EndsWith("Nothing was done.\n", no.Error, StringComparison.Ordinal);
        var yes = await Runs.Akkamail(server.Url, line.Split(' '), input: "y\n", asks: true);

        Assert.StartsWith(says, yes.Error, StringComparison.Ordinal);
        Assert.Equal((0, "DELETE"), (yes.Code, Assert.Single(server.Requests).Method));
    }

    [Theory]
    [InlineData("tenants close acme", "/v1/tenants/acme")]
    [InlineData("domains remove a.test", "/v1/domains/a.test")]
    [InlineData("keys remove k1", "/v1/keys/k1")]
    [InlineData("streams remove codes", "/v1/streams/codes")]
    [InlineData("suppressions remove 7", "/v1/suppressions/7")]
    public async Task Why_it_was_done_goes_with_the_order(string line, string path)
    {
        await using var server = await StubServer.Start([(204, ""), (204, "")]);

        await Runs.Akkamail(server.Url, [.. line.Split(' '), "--yes", "--reason", "found in a log & sold"]);
        await Runs.Akkamail(server.Url, [.. line.Split(' '), "--yes", "--note", "gone"]);

        Assert.Equal([$"DELETE {path}?note=found%20in%20a%20log%20%26%20sold", $"DELETE {path}?note=gone"],
            server.Requests.Select(r => $"{r.Method} {r.Target}"));
    }

    [Theory]
    [InlineData("verified", 0)]
    [InlineData("unverified", 4)]
    public async Task Verify_ends_with_4_while_a_domain_is_not_verified(string state, int code)
    {
        await using var server = await StubServer.Start($$"""{"domain":"a.test","state":"{{state}}","records":[]}""");

        var ran = await Runs.Akkamail(server.Url, ["domains", "verify", "a.test"]);

        Assert.Equal(code, ran.Code);
        Assert.Equal(code == 4, ran.Error.StartsWith("a.test is unverified", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_added_domain_comes_with_the_next_step()
    {
        await using var server = await StubServer.Start("""{"domain":"a.test","state":"unverified","records":[]}""");

        var ran = await Runs.Akkamail(server.Url, ["domains", "add", "a.test"]);

        Assert.EndsWith("then: akkamail domains verify a.test --wait\n", ran.Error, StringComparison.Ordinal);
    }
}
