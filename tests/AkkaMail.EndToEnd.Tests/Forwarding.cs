using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.TestSink;
using Microsoft.Data.Sqlite;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Mail for people that is passed on: a stranger's signed mail, brought by SMTP, as npm's mailauth sees it one hop
/// further.
/// </summary>
public sealed class Forwarding : IAsyncLifetime
{
    private const string Ours = "sender.test", Theirs = Stranger.Domain;

    private static readonly string[] Others = ["host-record=mail.engine.test,127.0.0.1", .. Stranger.Zone];

    private readonly int _port = Bringer.FreePort();
    private Dnsmasq _dns = null!;
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;

    private Api Api => _installation.Api;

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        _sink = await TestSink.TestSink.StartAsync();
        await _dns.Publish(Others);
    }

    private async Task Start(params (string, string)[] settings)
    {
        _installation = await Installation.Resolving(_dns, _sink.Port,
        [
            ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_port}"), ("AkkaMail__Smtp__ForwardTo", "ops@d1.test"),
            ("AkkaMail__Delivery__EhloName", "mail.engine.test"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
            .. settings,
        ]);
    }

    private async Task Verify()
    {
        using var added = await Api.Http.PostAsync("/v1/domains", Json($$"""{"domain":"{{Ours}}"}"""));
        var zone = await Api.Http.GetStringAsync($"/v1/domains/{Ours}/zone");
        await _dns.Publish([.. Others, .. zone.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        using var verified = await Api.Http.PostAsync($"/v1/domains/{Ours}/verify", null);
        Assert.Contains("\"verified\"", await verified.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_to_abuse_arrives_sealed_with_its_signature_whole_and_altered_it_does_not_pass()
    {
        await Start();
        await Verify();
        var original = Signed("Somebody misuses your server.\n.dot\n");

        await Bring($"abuse@bounce.{Ours}", original);

        var mail = await Passed();
        var story = await Api.Ended((string)mail["message"]!);
        Assert.Equal(("accepted attempt delivered", "A complaint", "ops@d1.test"),
            (story.Types, story.Subject, story.To));
        Assert.Null(mail["detail"]);
        var sunk = _sink.Mails.Single();
        Assert.True(sunk.Bytes.AsSpan().EndsWith(original));
        Assert.StartsWith("ARC-Seal: i=1; a=rsa-sha256;", Encoding.ASCII.GetString(sunk.Bytes));
        Assert.Equal(("b+", $"@bounce.{Ours}", "ops@d1.test"),
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
        await Start();
        await Verify();
        await Bring($"abuse@bounce.{Ours}", Signed("Hello\n"));
        await _sink.WaitFor(1);
        // As one that another host had sealed: without our line, which says that it has been here.
        var first = Encoding.ASCII.GetString(_sink.Mails.Single().Bytes)
            .Replace("(AkkaMail, passed on)", "(a list)", StringComparison.Ordinal);

        await Bring($"security@bounce.{Ours}", Encoding.ASCII.GetBytes(first));

        await _sink.WaitFor(2);
        var second = _sink.Mails.Last();
        Assert.StartsWith("ARC-Seal: i=2; a=rsa-sha256;", Encoding.ASCII.GetString(second.Bytes));
        Assert.Equal("pass", (await Judge(second.MailFrom, second.Bytes)).Single().Arc);
    }

    [Fact]
    public async Task After_a_crash_before_the_outcome_was_stored_it_goes_once()
    {
        await Start(("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"));
        await Bring("postmaster", Signed("Hello\n"));
        var before = await Passed();
        Assert.Contains("not sealed", (string?)before["detail"], StringComparison.Ordinal);
        Assert.EndsWith("@bounce.engine.test", _sink.Mails.Single().MailFrom, StringComparison.Ordinal);
        _installation.Kill();
        await ForgetOutcomes();
        await _installation.Up();

        var after = await Passed();

        Assert.Equal((string?)before["message"], (string?)after["message"]);
        await Api.Status(s => s.Accepted == 1);
        Assert.Equal(1, _sink.Count);
    }

    [Fact]
    public async Task Brought_to_two_of_the_addresses_at_once_it_goes_once()
    {
        await Start(("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"));

        await Bring("abuse@mail.engine.test security@bounce.engine.test", Signed("Hello\n"));

        var mails = await Mails(2);
        Assert.Equal(["passed_on", "passed_on"], mails.Select(m => (string)m["outcome"]!));
        Assert.Equal((string?)mails[0]["message"], (string?)mails[1]["message"]);
        await Api.Status(s => s is { Accepted: 1, Alive: 0 });
        Assert.Equal(1, _sink.Count);
    }

    [Fact]
    public async Task What_would_go_round_ends_here()
    {
        _installation = await Installation.Relaying(_port, ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_port}"),
            ("AkkaMail__Smtp__ForwardTo", "abuse@bounce.engine.test"),
            ("AkkaMail__Dns__Servers", $"127.0.0.1:{_dns.Port}"),
            ("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"));
        await Bring("abuse@bounce.engine.test", Signed("Hello\n"));

        var mails = await Mails(2);

        Assert.Equal(["passed_on", "for_people"], mails.Select(m => (string)m["outcome"]!));
        Assert.Contains("passed on from here before", (string?)mails[1]["detail"], StringComparison.Ordinal);
        await Api.Status(s => s is { Accepted: 1, Alive: 0 } && s.Of("delivered") == 1);
        Assert.Equal(2, (await List()).Count);
    }

    [Fact]
    public async Task A_forgery_and_a_mail_whose_bounces_had_no_place_to_go_are_kept()
    {
        await Start();

        await Bring("abuse@mail.engine.test", "From: a@far.test\nSubject: x\n\nPay!\n"u8.ToArray(), "a@thief.test");
        await Bring("abuse@mail.engine.test", Signed("Hello\n"));

        var mails = await Mails(2);
        Assert.Equal(["unverified", "for_people"], mails.Select(m => (string)m["outcome"]!));
        Assert.Contains("disowns", (string?)mails[0]["detail"], StringComparison.Ordinal);
        Assert.Contains("no return path host", (string?)mails[1]["detail"], StringComparison.Ordinal);
        Assert.Equal(0, (await Api.Status()).Accepted);
    }

    private async Task ForgetOutcomes()
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_installation.Directory, "returned.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE mails SET outcome = 0, submission = NULL";
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static byte[] Signed(string text) => Stranger.Signed(text, $"abuse@bounce.{Ours}");

    /// <summary>Without the last line end: the dot brings its own.</summary>
    private async Task Bring(string to, byte[] mail, string from = $"ann@{Theirs}") => Assert.StartsWith("250 ",
        await Bringer.Bring(_port, to, Encoding.ASCII.GetString(mail.AsSpan().TrimEnd("\r\n"u8)), from));

    private async Task<List<Verdict>> Judge(string mailFrom, params byte[][] mails)
    {
        using var directory = new MailDirectory();
        foreach (var mail in mails) directory.Add(mail, new("127.0.0.1", "mail.engine.test", mailFrom));
        return await directory.MailauthAsync($"127.0.0.1:{_dns.Port}");
    }

    private async Task<JsonNode> Passed()
    {
        var mail = (await Mails(1)).Single();
        Assert.True((string)mail["outcome"]! == "passed_on", mail.ToJsonString());
        await Api.Ended((string)mail["message"]!);
        return mail;
    }

    /// <summary>What came in, oldest first, as soon as so many have been read.</summary>
    private async Task<List<JsonNode>> Mails(int count)
    {
        List<JsonNode> mails = [];
        await Wait.Until(async () => (mails = await List()).Count == count
            && mails.All(m => (string?)m["outcome"] != "waiting"), null, () => string.Join('\n', mails));
        return mails;
    }

    private async Task<List<JsonNode>> List()
    {
        var list = JsonNode.Parse(await Api.Http.GetStringAsync("/v1/bounces/mails"))!;
        return [.. list["mails"]!.AsArray().Select(m => m!).Reverse()];
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public async Task DisposeAsync()
    {
        _installation?.Dispose();
        await _sink.DisposeAsync();
        _dns.Dispose();
    }
}
