using System.Net;
using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Tests.Peers;
using AkkaMail.Smtp.Tests.Signing;
using MimeKit;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Authentication;

public sealed class InboundTests
{
    private static readonly Arrival Ours = new(IPAddress.Loopback, "engine.test", "b+x@bounce.sender.test");

    private static InboundAuthentication Authentication(Zone zone) =>
        new(new() { Servers = [zone.EndPoint], Timeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);

    private static MimeMessage Parse(byte[] bytes) => MimeMessage.Load(new MemoryStream(bytes));

    private static byte[] Bytes(MimeMessage mail)
    {
        using var stream = new MemoryStream();
        mail.WriteTo(stream);
        return stream.ToArray();
    }

    [Fact]
    public async Task Our_own_mail_of_any_kind_passes_everything()
    {
        await using var zone = await Signed.ZoneAsync();
        var authentication = Authentication(zone);
        foreach (var (name, mail) in Variety.Hard())
        {
            var verdict = await authentication.EvaluateAsync(Parse(Signed.Mail(mail).ToBytes()), Ours, default);

            Assert.Equal(
                (name, SpfResult.Pass, DmarcResult.Pass, ArcResult.None),
                (name, verdict.Spf.Result, verdict.Dmarc.Result, verdict.Arc));
            Assert.Equal([DkimResult.Pass, DkimResult.Pass], verdict.Dkim.Select(d => d.Result));
        }
    }

    [Fact]
    public async Task What_was_seen_is_a_header()
    {
        await using var zone = await Signed.ZoneAsync();
        var mail = Parse(Signed.Mail(Mail(from: "shop@sender.test")).ToBytes());

        var verdict = await Authentication(zone).EvaluateAsync(mail, Ours, default);

        Assert.Equal(
            "mx.engine.test; spf=pass reason=\"ip4 of bounce.sender.test\" smtp.mailfrom=\"b+x@bounce.sender.test\"; "
            + "dkim=pass header.d=sender.test header.s=akkamail-r1 header.a=rsa-sha256; "
            + "dkim=pass header.d=sender.test header.s=akkamail-e1 header.a=ed25519-sha256; "
            + "dmarc=pass header.from=sender.test; arc=none", verdict.ToResults("mx.engine.test").ToString());
    }

    [Fact]
    public async Task Altered_mail_from_elsewhere_fails_by_the_owners_policy()
    {
        await using var zone = await Zone.StartAsync(
            DnsRecords.For(Signed.Sending, Signed.Facts).Where(r => r.Purpose != RecordPurpose.Dmarc),
            "txt-record=_dmarc.sender.test,v=DMARC1; p=reject; sp=quarantine; pct=50");
        var bytes = Signed.Mail(Mail(from: "shop@sender.test", text: "Pay 100\n")).ToBytes();
        bytes[^3] = (byte)'9';
        var elsewhere = new Arrival(IPAddress.Parse("192.0.2.9"), "thief.test", "thief@thief.test");

        var verdict = await Authentication(zone).EvaluateAsync(Parse(bytes), elsewhere, default);
        var below = await Authentication(zone).EvaluateAsync(
            Parse("From: a@sub.sender.test\r\nSubject: x\r\n\r\nx\r\n"u8.ToArray()), elsewhere, default);

        Assert.All(verdict.Dkim, d => Assert.Equal(DkimResult.Fail, d.Result));
        Assert.Equal(new DmarcVerdict(DmarcResult.Fail, "sender.test", DmarcRequest.Reject, 50), verdict.Dmarc);
        Assert.Equal(new DmarcVerdict(DmarcResult.Fail, "sub.sender.test", DmarcRequest.Quarantine, 50), below.Dmarc);
    }

    [Theory]
    [InlineData("DKIM-Signature: nonsense", DkimResult.PermError)]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha1; d=sender.test; s=akkamail-r1; h=from; bh={bh}; b=YQ==",
        DkimResult.Policy)]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; s=absent; h=from; bh={bh}; b=YQ==",
        DkimResult.PermError)]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=a; h=from; bh={bh}; b=YQ==", DkimResult.TempError)]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; s=akkamail-r1; x=1; h=from; bh={bh}; b=YQ==",
        DkimResult.Fail)]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; s=akkamail-e1; h=from; bh={bh}; b=YQ==",
        DkimResult.PermError)]
    public async Task A_signature_that_cannot_hold_is_a_result(string header, DkimResult expected)
    {
        await using var zone = await Signed.ZoneAsync();
        // MimeKit asks for the key only where the body's hash is right.
        header = header.Replace("{bh}", Convert.ToBase64String(SHA256.HashData("x\r\n"u8)), StringComparison.Ordinal);
        var mail = Parse(System.Text.Encoding.ASCII.GetBytes($"{header}\r\nFrom: a@sender.test\r\n\r\nx\r\n"));

        var verdict = await Authentication(zone).EvaluateAsync(mail, Ours, default);

        Assert.Equal(expected, verdict.Dkim.Single().Result);
    }

    [Theory]
    [InlineData("h=from:Subject:to", false)]
    [InlineData("h=from:to", true)]
    [InlineData("h=from:subject; l=2", true)]
    public async Task A_signature_that_leaves_the_end_or_the_subject_open_is_partial(string tags, bool isPartial)
    {
        await using var zone = await Signed.ZoneAsync();
        var mail = Parse(System.Text.Encoding.ASCII.GetBytes("DKIM-Signature: v=1; a=rsa-sha256; d=sender.test; "
            + $"s=absent; {tags}; bh=YQ==; b=YQ==\r\nFrom: a@sender.test\r\n\r\nx\r\n"));

        var verdict = await Authentication(zone).EvaluateAsync(mail, Ours, default);

        Assert.Equal(isPartial, verdict.Dkim.Single().IsPartial);
    }

    [Fact]
    public async Task DMARC_that_passes_by_the_envelope_says_nothing_about_who_wrote_it()
    {
        await using var zone = await Signed.ZoneAsync();
        var signed = Signed.Mail(Mail(from: "shop@sender.test")).ToBytes();
        var unsigned = "From: boss@sender.test\r\nSubject: x\r\n\r\nPay!\r\n"u8.ToArray();

        var (whole, bare) = (await Authentication(zone).EvaluateAsync(Parse(signed), Ours, default),
            await Authentication(zone).EvaluateAsync(Parse(unsigned), Ours, default));

        Assert.Equal((DmarcResult.Pass, true), (whole.Dmarc.Result, whole.Dmarc.IsSigned));
        Assert.Equal((DmarcResult.Pass, false), (bare.Dmarc.Result, bare.Dmarc.IsSigned));
    }

    [Fact]
    public async Task A_sealed_mail_verifies_here_and_elsewhere_also_in_a_chain_and_not_when_altered()
    {
        await using var zone = await Signed.ZoneAsync();
        var authentication = Authentication(zone);
        var mail = Parse(Signed.Mail(Mail(from: "shop@sender.test", subject: "Pay 100")).ToBytes());
        using var directory = new MailDirectory();

        for (var hop = 0; hop < 3; hop++)
        {
            var before = await authentication.EvaluateAsync(mail, Ours, default);
            await ArcSealing.SealAsync(mail, Signed.Keys[0], before, Noon, default);
            mail = Parse(Bytes(mail));
            Assert.Equal(ArcResult.Pass, (await authentication.EvaluateAsync(mail, Ours, default)).Arc);
            directory.Add(Bytes(mail));
        }
        var altered = System.Text.Encoding.ASCII.GetBytes(System.Text.Encoding.ASCII.GetString(Bytes(mail))
            .Replace("Subject: Pay 100", "Subject: Pay 900", StringComparison.Ordinal));
        directory.Add(altered);
        var verdicts = await directory.MailauthAsync(zone);

        Assert.Equal(["pass", "pass", "pass", "fail"], verdicts.Select(v => v.Arc));
        Assert.Equal(ArcResult.Fail, (await authentication.EvaluateAsync(Parse(altered), Ours, default)).Arc);
    }

    [Fact]
    public async Task Ed25519_seals_nothing() =>
        await Assert.ThrowsAsync<ArgumentException>(() => ArcSealing.SealAsync(new(), Signed.Keys[1],
            new(Ours, new(SpfResult.None, "", ""), [], new(DmarcResult.None, "", DmarcRequest.None), ArcResult.None),
                Noon, default));
}
