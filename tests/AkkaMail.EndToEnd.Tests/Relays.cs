using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.TestSink;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A mailing list hands on what others have written: only what they have signed, and under our seal. Judged by npm's
/// mailauth, one hop further.
/// </summary>
public sealed class Relays : IAsyncLifetime
{
    private const string Ours = "lists.test";
    private readonly int _port = Bringer.FreePort();
    private Dnsmasq _dns = null!;
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;
    private string _key = "";

    private Api Api => _installation.Api;

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        _sink = await TestSink.TestSink.StartAsync();
        _installation = await Installation.Resolving(_dns, _sink.Port,
        [
            ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_port}"), ("AkkaMail__Smtp__RelayTenants", "lists, helpdesk"),
            ("AkkaMail__Domains__AllowUnverified", "false"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
            ("AkkaMail__Delivery__EhloName", "mail.engine.test"),
        ]);
        _key = await Tenant("lists", Ours);
        await _dns.Publish([.. Stranger.Zone, .. await Zone(Ours)]);
        await Verify(Ours);
    }

    [Fact]
    public async Task What_its_author_has_signed_goes_on_to_all_octet_for_octet_and_sealed()
    {
        var original = Stranger.Signed("Hello list.\n.dot\n", $"talk@{Ours}");

        var answer = await HandIn(original, $"talk@{Ours}", ["ann@d1.test", "bob@d2.test"]);

        var id = answer.Split(' ')[^1];
        var stories = await Task.WhenAll(Api.Ended($"{id}-0"), Api.Ended($"{id}-1"));
        Assert.Equal(["delivered", "delivered"], stories.Select(s => s.Status));
        Assert.All(_sink.Mails, mail =>
        {
            Assert.True(mail.Bytes.AsSpan().EndsWith(original));
            Assert.StartsWith("ARC-Seal: i=1; a=rsa-sha256;", Encoding.ASCII.GetString(mail.Bytes));
            Assert.EndsWith($"@bounce.{Ours}", mail.MailFrom, StringComparison.Ordinal);
        });
        var sunk = _sink.Mails.First();
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
                () => HandIn(mail, $"talk@{Ours}", ["ann@d1.test"]));
            Assert.Contains($"From is of {Stranger.Domain}", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await Api.Status()).Accepted);
    }

    /// <summary>
    /// SPF passes for the list's own envelope and is aligned with its parent domain, which is somebody else's: DMARC
    /// passes, and still nobody has signed.
    /// </summary>
    [Fact]
    public async Task That_the_envelope_is_of_the_same_organization_says_nothing_about_who_wrote_it()
    {
        var key = await Tenant("helpdesk", "desk.parent.test");
        await _dns.Publish([.. await Zone("desk.parent.test"), "_dmarc.parent.test. 300 IN TXT \"v=DMARC1; p=reject\""]);
        await Verify("desk.parent.test");

        foreach (var from in (string[])["boss@parent.test", "boss@other.parent.test"])
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandIn(
                Encoding.ASCII.GetBytes($"From: {from}\r\nSubject: x\r\n\r\nPay!\r\n"), "x@desk.parent.test",
                ["ann@d1.test"], key));
            Assert.Contains("has not signed", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await Api.Status()).Accepted);
    }

    /// <summary>Else whoever writes to a list could use up its keys, or send as broadcast what is none.</summary>
    [Fact]
    public async Task What_an_author_says_in_headers_for_us_is_not_heard()
    {
        var words = Encoding.ASCII.GetBytes("X-AkkaMail-Stream: nothing\r\nX-AkkaMail-Idempotency-Key: order-1\r\n");
        byte[] mail = [.. words, .. Stranger.Signed("Hello\n", $"talk@{Ours}")];

        var first = await HandIn(mail, $"talk@{Ours}", ["ann@d1.test"]);
        var second = await HandIn(mail, $"talk@{Ours}", ["bob@d2.test"]);

        Assert.NotEqual(first, second);
        Assert.Equal("transactional", (await Api.Ended($"{second.Split(' ')[^1]}-0")).Stream);
        Assert.All(_sink.Mails, m => Assert.DoesNotContain("X-AkkaMail", Encoding.ASCII.GetString(m.Bytes), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_envelope_has_to_be_the_tenants_and_the_tenant_one_that_may()
    {
        var mail = Stranger.Signed("Hello list\n", $"talk@{Ours}");
        var foreign = await Assert.ThrowsAsync<SmtpCommandException>(
            () => HandIn(mail, $"ann@{Stranger.Domain}", ["ann@d1.test"]));
        Assert.Contains("MAIL FROM", foreign.Message, StringComparison.Ordinal);

        var key = await Tenant("shop", "shop.test");
        await _dns.Publish([.. Stranger.Zone, .. await Zone("shop.test")]);
        await Verify("shop.test");
        var other = await Assert.ThrowsAsync<SmtpCommandException>(
            () => HandIn(mail, "talk@shop.test", ["ann@d1.test"], key));
        Assert.Contains("not verified for this tenant", other.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await Api.Status()).Accepted);
    }

    [Fact]
    public async Task When_DNS_is_silent_the_list_is_told_to_come_again()
    {
        _dns.Dispose();

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(
            () => HandIn(Stranger.Signed("Hello\n", $"talk@{Ours}"), $"talk@{Ours}", ["ann@d1.test"]));

        Assert.Equal(451, (int)refused.StatusCode);
        Assert.Contains("DNS does not say", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> HandIn(byte[] mail, string mailFrom, string[] recipients, string? key = null)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.None);
        await client.AuthenticateAsync("apikey", key ?? _key);
        using var parsed = await MimeMessage.LoadAsync(new MemoryStream(mail));
        return await client.SendAsync(
            parsed, MailboxAddress.Parse(mailFrom), recipients.Select(MailboxAddress.Parse));
    }

    /// <summary>With a domain that is not verified yet, and a key.</summary>
    private async Task<string> Tenant(string name, string domain)
    {
        await _installation.Make("/v1/tenants", new { name });
        await _installation.Make("/v1/domains", new { domain }, name);
        return (string)(await _installation.Make("/v1/keys", new { name = "k", scopes = new[] { "send" } }, name))["key"]!;
    }

    private async Task<string[]> Zone(string domain) => (await Api.Http.GetStringAsync($"/v1/domains/{domain}/zone"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task Verify(string domain)
    {
        using var verified = await Api.Http.PostAsync($"/v1/domains/{domain}/verify", null);
        Assert.Contains("\"verified\"", await verified.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<List<Verdict>> Judge(string mailFrom, params byte[][] mails)
    {
        using var directory = new MailDirectory();
        foreach (var mail in mails) directory.Add(mail, new("127.0.0.1", "mail.engine.test", mailFrom));
        return await directory.MailauthAsync($"127.0.0.1:{_dns.Port}");
    }

    public async Task DisposeAsync()
    {
        _installation?.Dispose();
        await _sink.DisposeAsync();
        _dns.Dispose();
    }
}
