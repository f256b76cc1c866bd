using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Mail for people that is passed on: a stranger's signed mail, brought by SMTP, as npm's mailauth sees it one hop
/// further.
/// </summary>
[Collection(Listening.Name)]
public sealed class Forwarding(Listening server) : IAsyncLifetime
{
    private const string Theirs = Stranger.Domain;

    private readonly string _ours = $"{World.Mails.Unique("sender")}.test";
    private HashSet<string> _before = [];
    private int _sunkBefore;

    private Installation Installation => server.Installation;
    private Api Api => server.Api;

    public async Task InitializeAsync()
    {
        _before = [.. (await All(Api)).Select(m => (string)m["id"]!)];
        _sunkBefore = server.Sink.Mails.Count;
    }

    private Task Verify() => server.Verify(_ours, "default");

    [Fact]
    public async Task A_mail_to_abuse_arrives_sealed_with_its_signature_whole_and_altered_it_does_not_pass()
    {
        await Verify();
        var original = Signed("Somebody misuses your server.\n.dot\n");

        await Bring($"abuse@bounce.{_ours}", original);

        var mail = await Passed();
        var story = await Api.Ended((string)mail["message"]!);
        Assert.Equal(("accepted attempt delivered", "A complaint", "ops@d1.test"),
            (story.Types, story.Subject, story.To));
        Assert.Null(mail["detail"]);
        var sunk = Sunk.Single();
        Assert.True(sunk.Bytes.AsSpan().EndsWith(original));
        Assert.StartsWith("ARC-Seal: i=1; a=rsa-sha256;", Encoding.ASCII.GetString(sunk.Bytes));
        Assert.Equal(("b+", $"@bounce.{_ours}", "ops@d1.test"),
            (sunk.MailFrom[..2], sunk.MailFrom[sunk.MailFrom.IndexOf('@')..], sunk.Recipients.Single()));
        Assert.Equal(sunk.Bytes, await Api.Http.GetByteArrayAsync($"/v1/messages/{story.Id}/raw"));
        var altered = sunk.Bytes.ToArray();
        altered[^5] ^= 1;
        var verdicts = await Judge(sunk.MailFrom, sunk.Bytes, altered);
        // Neutral is its word for a body that has changed.
        Assert.Equal(["pass pass pass pass", "fail neutral pass fail"],
            verdicts.Select(v => $"{v.Arc} {v.Dkim.Single().Result} {v.Spf} {v.Dmarc}"));
    }

    [Fact]
    public async Task Brought_back_by_the_chain_that_was_begun_elsewhere_it_is_the_second_in_it()
    {
        await Verify();
        await Bring($"abuse@bounce.{_ours}", Signed("Hello\n"));
        await Wait.Until(() => Sunk.Count == 1);
        // As one that another host had sealed: without our line, which says that it has been here.
        var first = Encoding.ASCII.GetString(Sunk.Single().Bytes)
            .Replace("(AkkaMail, passed on)", "(a list)", StringComparison.Ordinal);

        await Bring($"security@bounce.{_ours}", Encoding.ASCII.GetBytes(first));

        await Wait.Until(() => Sunk.Count == 2);
        var second = Sunk[^1];
        Assert.StartsWith("ARC-Seal: i=2; a=rsa-sha256;", Encoding.ASCII.GetString(second.Bytes));
        Assert.Equal("pass", (await Judge(second.MailFrom, second.Bytes)).Single().Arc);
    }

    [Fact]
    public async Task After_a_crash_before_the_outcome_was_stored_it_goes_once()
    {
        var accepted = (await Api.Status(_ => true)).Accepted;
        await Bring("postmaster", Signed("Hello\n"));
        var before = await Passed();
        Assert.Contains("not sealed", (string?)before["detail"], StringComparison.Ordinal);
        Assert.EndsWith("@bounce.engine.test", Sunk.Single().MailFrom, StringComparison.Ordinal);
        Installation.Kill();
        await ForgetOutcomes();
        await Installation.Up();

        var after = await Passed();

        Assert.Equal((string?)before["message"], (string?)after["message"]);
        await Api.Status(s => s.Accepted == accepted + 1);
        Assert.Single(Sunk);
    }

    [Fact]
    public async Task Brought_to_two_of_the_addresses_at_once_it_goes_once()
    {
        var accepted = (await Api.Status(_ => true)).Accepted;

        await Bring("abuse@mail.engine.test security@bounce.engine.test", Signed("Hello\n"));

        var mails = await Mails(2);
        Assert.Equal(["passed_on", "passed_on"], mails.Select(m => (string)m["outcome"]!));
        Assert.Equal((string?)mails[0]["message"], (string?)mails[1]["message"]);
        var story = await Api.Ended((string)mails[0]["message"]!);
        Assert.Equal(("forward", null), (story.Door, story.Key));   // It came without a key of ours.
        await Api.Status(s => s.Accepted == accepted + 1 && s.Alive == 0);
        Assert.Single(Sunk);
    }

    [Fact]
    public async Task What_would_go_round_ends_here()
    {
        var port = Bringer.FreePort();
        using var installation = await Installation.Relaying(port, ("AkkaMail__Smtp__Listen", $"127.0.0.1:{port}"),
            ("AkkaMail__Smtp__ForwardTo", "abuse@bounce.engine.test"),
            ("AkkaMail__Dns__Servers", $"127.0.0.1:{server.Dns.Port}"),
            ("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"));
        var api = installation.Api;
        await Bring("abuse@bounce.engine.test", Signed("Hello\n"), port: port);

        var mails = await Mails(2, api);

        Assert.Equal(["passed_on", "for_people"], mails.Select(m => (string)m["outcome"]!));
        Assert.Contains("passed on from here before", (string?)mails[1]["detail"], StringComparison.Ordinal);
        await api.Status(s => s is { Accepted: 1, Alive: 0 } && s.Of("delivered") == 1);
        Assert.Equal(2, (await All(api)).Count);
    }

    [Fact]
    public async Task A_forgery_and_a_mail_whose_bounces_had_no_place_to_go_are_kept()
    {
        var port = Bringer.FreePort();
        using var installation = await Installation.Resolving(server.Dns, server.Sink.Port,
            ("AkkaMail__Smtp__Listen", $"127.0.0.1:{port}"), ("AkkaMail__Smtp__ForwardTo", "ops@d1.test"),
            ("AkkaMail__Delivery__EhloName", "mail.engine.test"));
        var forgery = "From: a@far.test\nSubject: x\n\nPay!\n"u8.ToArray();

        await Bring("abuse@mail.engine.test", forgery, "a@thief.test", port);
        await Bring("abuse@mail.engine.test", Signed("Hello\n"), port: port);

        var mails = await Mails(2, installation.Api);
        Assert.Equal(["unverified", "for_people"], mails.Select(m => (string)m["outcome"]!));
        Assert.Contains("disowns", (string?)mails[0]["detail"], StringComparison.Ordinal);
        Assert.Contains("no return path host", (string?)mails[1]["detail"], StringComparison.Ordinal);
        Assert.Equal(0, (await installation.Api.Status()).Accepted);
        Assert.Empty(Sunk);
    }

    private async Task ForgetOutcomes() => Assert.Equal(1, await Installation.Change("returned",
        "UPDATE mails SET outcome = 0, submission = NULL WHERE id = (SELECT MAX(id) FROM mails)"));

    private byte[] Signed(string text) => Stranger.Signed(text, $"abuse@bounce.{_ours}");

    /// <summary>Without the last line end: the dot brings its own.</summary>
    private async Task Bring(string to, byte[] mail, string from = $"ann@{Theirs}", int? port = null)
    {
        var text = Encoding.ASCII.GetString(mail.AsSpan().TrimEnd("\r\n"u8));
        Assert.StartsWith("250 ", await Bringer.Bring(port ?? server.SmtpPort, to, text, from));
    }

    private async Task<List<Verdict>> Judge(string mailFrom, params byte[][] mails)
    {
        using var directory = new MailDirectory();
        foreach (var mail in mails) directory.Add(mail, new("127.0.0.1", "mail.engine.test", mailFrom));
        return await directory.MailauthAsync($"127.0.0.1:{server.Dns.Port}");
    }

    private async Task<JsonNode> Passed()
    {
        var mail = (await Mails(1)).Single();
        Assert.True((string)mail["outcome"]! == "passed_on", mail.ToJsonString());
        await Api.Ended((string)mail["message"]!);
        return mail;
    }

    /// <summary>
    /// What came in since the test began, oldest first, as soon as so many have been read; of a server of the test's
    /// own all that did.
    /// </summary>
    private async Task<List<JsonNode>> Mails(int count, Api? at = null)
    {
        List<JsonNode> mails = [];
        await Wait.Until(async () => (mails = await List(at ?? Api)).Count == count
            && mails.All(m => (string?)m["outcome"] != "waiting"), null, () => string.Join('\n', mails));
        return mails;
    }

    private async Task<List<JsonNode>> List(Api at) =>
        [.. (await All(at)).Where(m => at != Api || !_before.Contains((string)m["id"]!))];

    private static async Task<List<JsonNode>> All(Api at)
    {
        var list = JsonNode.Parse(await at.Http.GetStringAsync("/v1/bounces/mails"))!;
        return [.. list["mails"]!.AsArray().Select(m => m!).Reverse()];
    }

    /// <summary>What has been passed on since the test began.</summary>
    private List<SunkMail> Sunk => [.. server.Sink.Mails.Skip(_sunkBefore)];

    public Task DisposeAsync() => Task.CompletedTask;
}
