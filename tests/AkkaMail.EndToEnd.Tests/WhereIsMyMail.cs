using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>docs/sending/where-is-my-mail.md, typed from top to bottom by somebody who has a tenant's key.</summary>
[Collection(Strict.Name)]
public sealed class WhereIsMyMail(Strict server)
{
    private const string Page = "docs/sending/where-is-my-mail.md";

    private readonly string _ours = $"{Mails.Unique("shop")}.test", _theirs = server.Domain();
    private string _key = "";

    [Fact]
    public async Task The_page_leads_to_the_mail()
    {
        var tenant = Mails.Unique("where");
        await server.Installation.Make("/v1/tenants", new { name = tenant });
        _key = (string)(await server.Installation.Make(
            "/v1/keys", new { name = "k", scopes = new[] { "send", "read" } }, tenant))["key"]!;
        await server.Verify(_ours, tenant);
        using var api = new Api(server.Installation.Server.Url, _key);
        var blocks = Pages.Blocks(Page);
        async Task<string> Sent(string to) => (await api.Ended((await api.Send(
            new { from = $"shop@{_ours}", to = $"{to}@{_theirs}", subject = "Order", text = "Hi" }))[0])).Id;
        var (id, lost) = (await Sent("ann"), await Sent("permfail"));
        await server.Api.Status(_ => true);   // Lists have it.

        var found = await Type(blocks[1]);
        var shown = await Type(blocks[2].Replace("ID", id, StringComparison.Ordinal));
        var notThere = await Type(blocks[3]);
        var waited = await Type(blocks[4]);
        var raw = await Type(blocks[5].Replace("ID", id, StringComparison.Ordinal));

        Assert.Equal(id, found.Said.Split('\t')[2]);
        Assert.Contains("status\tdelivered\n", shown.Said, StringComparison.Ordinal);
        Assert.Equal(lost, Assert.Single(notThere.Said.Trim().Split('\n')).Split('\t')[2]);
        Assert.Contains($"\tann@{_theirs}\tdelivered\t250 ", waited.Said, StringComparison.Ordinal);
        Assert.Contains($"{_ours}\tok\tdkim\t", raw.Said, StringComparison.Ordinal);
        Assert.Contains("Subject: Order\r\n", raw.Said, StringComparison.Ordinal);
        Assert.All([found, shown, notThere, waited, raw], ran => Assert.True(ran.Code == 0, ran.Errors));
        Assert.Equal(6, blocks.Count);   // None of the page is left out.
    }

    private Task<Typed> Type(string commands) => Pages.Type(
        Pages.Blocks(Page)[0].Replace("AKKAMAIL_KEY=…", $"AKKAMAIL_KEY={_key}", StringComparison.Ordinal)
            + commands.Replace("@example.com", $"@{_ours}", StringComparison.Ordinal)
                .Replace("@example.net", $"@{_theirs}", StringComparison.Ordinal), server.Installation.Server.Url);
}
