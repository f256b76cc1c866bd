using System.Net;
using AkkaMail.Core.DomainReports;
using AkkaMail.Smtp.Authentication;
using AkkaMail.Smtp.Inbound;

namespace AkkaMail.Smtp.Tests.Inbound;

/// <summary>Whose report it is: who signed the mail, or for DMARC which address it came from.</summary>
public sealed partial class ReportMailTests
{
    private const string ByDkim = "dkim pass google.com", BySpf = "spf pass google.com";

    [Theory]
    [InlineData(ReportKind.Dmarc, ByDkim, SenderProof.Verified)]
    [InlineData(ReportKind.Dmarc, "dkim pass mail.google.com", SenderProof.Verified)]
    [InlineData(ReportKind.Dmarc, BySpf, SenderProof.Verified)]
    [InlineData(ReportKind.Dmarc, "spf pass thief.test", SenderProof.Unverified)]
    [InlineData(ReportKind.Dmarc, "dkim pass thief.test", SenderProof.Unverified)]
    [InlineData(ReportKind.Dmarc, "dkim fail google.com", SenderProof.Unverified)]
    [InlineData(ReportKind.Dmarc, "spf softfail google.com", SenderProof.Unverified)]
    [InlineData(ReportKind.Dmarc, "dkim temperror google.com", SenderProof.Unknown)]
    [InlineData(ReportKind.Dmarc, "spf temperror google.com", SenderProof.Unknown)]
    [InlineData(ReportKind.Dmarc, "spf temperror thief.test", SenderProof.Unverified)]
    [InlineData(ReportKind.Tls, ByDkim, SenderProof.Verified)]
    [InlineData(ReportKind.Tls, BySpf, SenderProof.Unverified)]   // RFC 8460 §3 asks for a signature.
    [InlineData(ReportKind.Tls, "spf temperror google.com", SenderProof.Unverified)]
    [InlineData(ReportKind.Tls, "dkim temperror google.com", SenderProof.Unknown)]
    public void Who_sent_it_is_known_by_a_signature_or_for_dmarc_by_spf(
        ReportKind kind, string seen, SenderProof proof) =>
        Assert.Equal(proof, ReportSender.Check(kind, Read(Google), Verdict(seen)));

    [Fact]
    public void A_signature_of_a_part_of_the_body_does_not_count()
    {
        var signed = Read("DKIM-Signature: v=1; a=rsa-sha256; d=google.com; s=x;\n\tl=120; bh=x; b=y\n" + Google);

        Assert.Equal(SenderProof.Unverified, ReportSender.Check(ReportKind.Dmarc, signed, Verdict(ByDkim)));
        Assert.Equal(SenderProof.Verified, ReportSender.Check(ReportKind.Dmarc, signed, Verdict(BySpf)));
        Assert.Equal(SenderProof.Unverified, ReportSender.Check(ReportKind.Tls, signed, Verdict(ByDkim)));
    }

    [Fact]
    public void Without_one_from_domain_nobody_has_sent_it() => Assert.Equal(SenderProof.Unverified,
        ReportSender.Check(ReportKind.Dmarc, Read(Google),
            Verdict(ByDkim) with { Dmarc = new(DmarcResult.PermError, "", default) }));

    private static InboundVerdict Verdict(string seen)
    {
        var words = seen.Split(' ');
        var spf = words[0] == "spf" ? Enum.Parse<SpfResult>(words[1], ignoreCase: true) : SpfResult.None;
        DkimVerdict[] dkim = words[0] != "dkim" ? []
            : [new(Enum.Parse<DkimResult>(words[1], ignoreCase: true), words[2], "s", "rsa-sha256")];
        return new(new(IPAddress.Loopback, "mx.test", "a@b.test"),
            new(spf, words[0] == "spf" ? words[2] : "b.test", ""), [.. dkim],
            new(DmarcResult.None, "google.com", default), ArcResult.None);
    }
}
