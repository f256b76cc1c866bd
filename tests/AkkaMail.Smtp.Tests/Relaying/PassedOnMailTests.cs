using System.Net;
using System.Text;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Relaying;
using AkkaMail.Smtp.Signing;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.Smtp.Tests.Signing;
using MimeKit;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Relaying;

public sealed class PassedOnMailTests
{
    private static readonly Hop Here = new(
        "mx.engine.test", "17", "abuse@bounce.sender.test", "shop@sender.test", "mx.far.test", "127.0.0.1", Noon);

    private static readonly InboundVerdict Unknown = new(
        new(IPAddress.Loopback, "mx.far.test", "shop@sender.test"), new(SpfResult.None, "", ""), [],
        new(DmarcResult.None, "", DmarcRequest.None), ArcResult.None);

    private const string Line = "Received: from mx.far.test ([127.0.0.1])\r\n"
        + "\tby mx.engine.test (AkkaMail, passed on) id 17\r\n"
        + "\tfor <abuse@bounce.sender.test>; Sun, 01 Mar 2026 12:00:00 +0000\r\n";

    private static Task<Onward> Made(
        string mail, Hop? hop = null, InboundVerdict? verdict = null, SigningKey? key = null) =>
        PassedOnMail.MakeAsync(Encoding.Latin1.GetBytes(mail), hop ?? Here, ["mx.engine.test", "sender.test"],
            verdict ?? Unknown, key, Noon, default);

    private static async Task<string> Unsealed(string mail, Hop? hop = null) =>
        Encoding.Latin1.GetString(Assert.IsType<GoesOn>(await Made(mail, hop)).Octets);

    private static async Task<string> Why(string mail, Hop? hop = null) =>
        Assert.IsType<StaysHere>(await Made(mail, hop)).Why;

    [Theory]
    [InlineData("From: a@far.test\r\nSubject:  x \r\n\r\n.dot\r\ntrailing \t\r\n\r\n\r\n")]
    [InlineData("x-odd :  y\r\nSubject: Gr\u00fc\u00dfe\r\n\r\n\u00ff\u00fe\r\n")]
    [InlineData("\r\nno header\r\n")]
    [InlineData("no header\r\nat all\r\n")]
    public async Task The_octets_stay_under_a_line_of_ours(string mail) =>
        Assert.Equal(Line + mail, await Unsealed(mail));

    [Theory]
    [InlineData("mx.far.test", "::1", "from mx.far.test ([IPv6:::1])")]
    [InlineData("mx.far.test", "::ffff:192.0.2.1", "from mx.far.test ([192.0.2.1])")]
    [InlineData("[192.0.2.1]", "", "from [192.0.2.1]\r\n")]
    [InlineData("a\r\nBcc: x", "192.0.2.1", "from unknown ([192.0.2.1])")]
    [InlineData("a (by b)", "192.0.2.1", "from unknown ([192.0.2.1])")]
    [InlineData("", "192.0.2.1", "from unknown ([192.0.2.1])")]
    public async Task What_a_client_calls_itself_is_shown_if_it_is_a_name(string helo, string remote, string shown) =>
        Assert.Contains(shown, await Unsealed("A: b\r\n\r\n", Here with { Helo = helo, Remote = remote }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Authentication-Results: mx.engine.test; spf=pass\r\n\tsmtp.mailfrom=x\r\n", false)]
    [InlineData("authentication-results : (a (b) c) MX.Engine.Test 1; spf=pass\r\n", false)]
    [InlineData("Authentication-Results:\r\n \"mail.sender.test\"; dkim=pass\r\n", false)]
    [InlineData("Authentication-Results: sender.test.\r\n", false)]
    [InlineData("Authentication-Results: far.test; spf=pass\r\n", true)]
    [InlineData("Authentication-Results: notsender.test; spf=pass\r\n", true)]
    [InlineData("X-Authentication-Results: sender.test; spf=pass\r\n", true)]
    [InlineData("ARC-Authentication-Results: i=1; sender.test; spf=pass\r\n", true)]
    public async Task Results_that_claim_our_name_are_taken_out_and_others_are_not(string header, bool stays)
    {
        var mail = await Unsealed($"From: a@far.test\r\n{header}To: b\r\n\r\n{header}\r\n");

        Assert.Equal($"{Line}From: a@far.test\r\n{(stays ? header : "")}To: b\r\n\r\n{header}\r\n", mail);
    }

    [Fact]
    public async Task A_mail_that_was_here_or_came_by_too_many_hosts_stays()
    {
        var folded = "Received: from x by\r\n\tMX.engine.test\r\n (AkkaMail, passed on) id 3; now\r\n\r\n";
        var hops = string.Concat(Enumerable.Repeat("received: by x\r\n", 25));

        Assert.Contains("before", await Why(Line + "\r\n"), StringComparison.Ordinal);
        Assert.Contains("before", await Why(folded), StringComparison.Ordinal);
        Assert.Contains("25 hosts", await Why(hops + "Received: by x\r\n\r\n"), StringComparison.Ordinal);
        Assert.IsType<GoesOn>(await Made(hops + "\r\n"));
        Assert.IsType<GoesOn>(await Made(folded, Here with { Host = "other.test" }));
    }

    [Fact]
    public async Task An_answer_to_a_mail_that_was_passed_on_stays()
    {
        var returned = $"Subject: Undelivered\r\n\r\nSee:\r\n\r\n{Line}From: a@far.test\r\n";

        Assert.Contains("answer", await Why(returned, Here with { MailFrom = "" }), StringComparison.Ordinal);
        Assert.Contains("answer", await Why("Auto-Submitted: auto-replied\r\n" + returned), StringComparison.Ordinal);
        Assert.IsType<GoesOn>(await Made("Auto-Submitted: no\r\n" + returned));   // A person who forwards it to us.
        Assert.IsType<GoesOn>(await Made("Subject: ARF\r\n\r\nx\r\n", Here with { MailFrom = "" }));
    }

    [Fact]
    public async Task Sealed_hop_by_hop_the_chain_and_the_senders_signature_hold_until_an_octet_is_altered()
    {
        await using var zone = await Signed.ZoneAsync();
        var authentication = new InboundAuthentication(new() { Servers = [zone.EndPoint] }, TimeProvider.System);
        using var directory = new MailDirectory();
        byte[] octets = [];
        foreach (var (name, mail) in Variety.Hard())
        {
            var original = octets = Signed.Mail(mail).ToBytes();
            for (var hop = 1; hop <= 2; hop++)
            {
                var verdict = await authentication.EvaluateAsync(
                    MimeMessage.Load(new MemoryStream(octets)), Unknown.Arrival, default);
                var onward = Assert.IsType<GoesOn>(await PassedOnMail.MakeAsync(
                    octets, Here with { Host = $"mx{hop}.test" }, [], verdict, Signed.Keys[0], Noon, default));
                Assert.True(onward.Unsealed is null, $"{name}: {onward.Unsealed}");
                Assert.True(onward.Octets.AsSpan().EndsWith(original), name);
                Assert.StartsWith($"ARC-Seal: i={hop}", Encoding.Latin1.GetString(onward.Octets));
                directory.Add(octets = onward.Octets);
            }
        }
        var altered = octets.ToArray();
        altered[^3] ^= 1;
        directory.Add(altered);

        var verdicts = await directory.MailauthAsync(zone);

        Assert.All(verdicts[..^1], v => Assert.Equal("pass", v.Arc));
        Assert.All(verdicts[..^1], v => Assert.Equal(["pass", "pass"], v.Dkim.Select(d => d.Result)));
        Assert.Equal("fail", verdicts[^1].Arc);
    }

    [Theory]
    [InlineData(ArcResult.Fail, true, "failed")]
    [InlineData(ArcResult.None, false, "no key")]
    public async Task What_cannot_be_sealed_goes_on_and_says_why(ArcResult arc, bool hasKey, string why)
    {
        var onward = Assert.IsType<GoesOn>(await Made(
            "From: a@far.test\r\n\r\nx\r\n", null, Unknown with { Arc = arc }, hasKey ? Signed.Keys[0] : null));

        Assert.Contains(why, onward.Unsealed, StringComparison.Ordinal);
        Assert.Equal(Line + "From: a@far.test\r\n\r\nx\r\n", Encoding.ASCII.GetString(onward.Octets));
    }
}
