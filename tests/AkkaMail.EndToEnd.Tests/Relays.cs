using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A mailing list hands on what others have written: only what they have signed, and under our seal. Judged by npm's
/// mailauth, one hop further.
/// </summary>
[Collection(Strict.Name)]
public sealed class Relays(Strict server) : IAsyncLifetime
{
    private const string Ours = Strict.ListsDomain;
    private readonly string _to = server.Domain(), _other = server.Domain();
    private string _key = "";
    private int _before;

    private Api Api => server.Api;

    public async Task InitializeAsync()
    {
        _key = await Key(Strict.Lists);
        _before = await server.Accepted(Strict.Lists);
    }

    [Fact]
    public async Task What_its_author_has_signed_goes_on_to_all_octet_for_octet_and_sealed()
    {
        var original = Stranger.Signed("Hello list.\n.dot\n", $"talk@{Ours}");

        var answer = await HandIn(original, $"talk@{Ours}", [$"ann@{_to}", $"bob@{_other}"]);

        var id = answer.Split(' ')[^1];
        var stories = await Task.WhenAll(Api.Ended($"{id}-0"), Api.Ended($"{id}-1"));
        Assert.Equal(["delivered", "delivered"], stories.Select(s => s.Status));
        var mails = server.SunkAt(_to).Concat(server.SunkAt(_other)).ToList();
        Assert.Equal(2, mails.Count);
        Assert.All(mails, mail =>
        {
            Assert.True(mail.Bytes.AsSpan().EndsWith(original));
            Assert.StartsWith("ARC-Seal: i=1; a=rsa-sha256;", Encoding.ASCII.GetString(mail.Bytes));
            Assert.EndsWith($"@bounce.{Ours}", mail.MailFrom, StringComparison.Ordinal);
        });
        var sunk = mails[0];
        var altered = sunk.Bytes.ToArray();
        altered[^5] ^= 1;
        Assert.Equal(["pass pass pass pass", "fail neutral pass fail"], (await Judge(sunk.MailFrom, sunk.Bytes, altered))
            .Select(v => $"{v.Arc} {v.Dkim.Single().Result} {v.Spf} {v.Dmarc}"));
    }

    [Fact]
    public async Task What_nobody_has_signed_or_somebody_has_altered_is_refused()
    {
        var altered = Stranger.Signed("Hello list\n", $"talk@{Ours}");
        altered[^5] ^= 1;
        var unsigned = Encoding.ASCII.GetBytes($"From: ann@{Stranger.Domain}\r\nSubject: x\r\n\r\nPay!\r\n");

        foreach (var mail in new[] { altered, unsigned })
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(
                () => HandIn(mail, $"talk@{Ours}", [$"ann@{_to}"]));
            Assert.Contains($"From is of {Stranger.Domain}", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(_before, await server.Accepted(Strict.Lists));
    }

    /// <summary>
    /// SPF passes for the list's own envelope and is aligned with its parent domain, which is somebody else's: DMARC
    /// passes, and still nobody has signed.
    /// </summary>
    [Fact]
    public async Task That_the_envelope_is_of_the_same_organization_says_nothing_about_who_wrote_it()
    {
        const string Desk = "helpdesk";
        await server.Dns.Publish("parent.test", "_dmarc.parent.test. 300 IN TXT \"v=DMARC1; p=reject\"");
        await server.Installation.Make("/v1/tenants", new { name = Desk });
        await server.Verify("desk.parent.test", Desk);
        var key = await Key(Desk);

        foreach (var from in (string[])["boss@parent.test", "boss@other.parent.test"])
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandIn(
                Encoding.ASCII.GetBytes($"From: {from}\r\nSubject: x\r\n\r\nPay!\r\n"), "x@desk.parent.test",
                [$"ann@{_to}"], key));
            Assert.Contains("has not signed", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, await server.Accepted(Desk));
    }

    /// <summary>Else whoever writes to a list could use up its keys, or send as broadcast what is none.</summary>
    [Fact]
    public async Task What_an_author_says_in_headers_for_us_is_not_heard()
    {
        var words = Encoding.ASCII.GetBytes("X-AkkaMail-Stream: nothing\r\nX-AkkaMail-Idempotency-Key: order-1\r\n");
        byte[] mail = [.. words, .. Stranger.Signed("Hello\n", $"talk@{Ours}")];

        var first = await HandIn(mail, $"talk@{Ours}", [$"ann@{_to}"]);
        var second = await HandIn(mail, $"talk@{Ours}", [$"bob@{_other}"]);

        Assert.NotEqual(first, second);
        Assert.Equal("transactional", (await Api.Ended($"{second.Split(' ')[^1]}-0")).Stream);
        await Api.Ended($"{first.Split(' ')[^1]}-0");
        Assert.All([server.SunkAt(_to).Single(), server.SunkAt(_other).Single()], m => Assert.DoesNotContain(
            "X-AkkaMail", Encoding.ASCII.GetString(m.Bytes), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_envelope_has_to_be_the_tenants_and_the_tenant_one_that_may()
    {
        var mail = Stranger.Signed("Hello list\n", $"talk@{Ours}");
        var foreign = await Assert.ThrowsAsync<SmtpCommandException>(
            () => HandIn(mail, $"ann@{Stranger.Domain}", [$"ann@{_to}"]));
        Assert.Contains("MAIL FROM", foreign.Message, StringComparison.Ordinal);

        var (shop, domain) = (Mails.Unique("shop"), $"{Mails.Unique("shop")}.test");
        await server.Installation.Make("/v1/tenants", new { name = shop });
        await server.Verify(domain, shop);
        var key = await Key(shop);
        var other = await Assert.ThrowsAsync<SmtpCommandException>(
            () => HandIn(mail, $"talk@{domain}", [$"ann@{_to}"], key));
        Assert.Contains("not verified for this tenant", other.Message, StringComparison.Ordinal);
        Assert.Equal((_before, 0), (await server.Accepted(Strict.Lists), await server.Accepted(shop)));
    }

    [Fact]
    public async Task When_DNS_is_silent_the_list_is_told_to_come_again()
    {
        var silent = $"{Mails.Unique("silent")}.test";
        await server.Dns.Publish(silent, $"server=/{silent}/127.0.0.99");

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandIn(
            Stranger.Signed("Hello\n", $"talk@{Ours}", silent), $"talk@{Ours}", [$"ann@{_to}"]));

        Assert.Equal(451, (int)refused.StatusCode);
        Assert.Contains("DNS does not say", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> HandIn(byte[] mail, string mailFrom, string[] recipients, string? key = null)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.None);
        await client.AuthenticateAsync("apikey", key ?? _key);
        using var parsed = await MimeMessage.LoadAsync(new MemoryStream(mail));
        return await client.SendAsync(
            parsed, MailboxAddress.Parse(mailFrom), recipients.Select(MailboxAddress.Parse));
    }

    private async Task<string> Key(string tenant) => (string)(await server.Installation.Make(
        "/v1/keys", new { name = "k", scopes = new[] { "send" } }, tenant))["key"]!;

    private async Task<List<Verdict>> Judge(string mailFrom, params byte[][] mails)
    {
        using var directory = new MailDirectory();
        foreach (var mail in mails) directory.Add(mail, new("127.0.0.1", "mail.engine.test", mailFrom));
        return await directory.MailauthAsync($"127.0.0.1:{server.Dns.Port}");
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
