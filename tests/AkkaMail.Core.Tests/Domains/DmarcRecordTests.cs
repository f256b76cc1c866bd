using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

/// <summary>A domain without a DMARC record has its organization's (RFC 7489 §6.6.3).</summary>
public sealed class DmarcRecordTests
{
    private static readonly DnsRecord Record = new(RecordPurpose.Dmarc, "_dmarc.news.example.com", RecordType.Txt,
        "v=DMARC1; p=none; rua=mailto:dmarc@engine.net", true);

    private static RecordCheck Judge(string[] own, string[]? above, string? fault = null) =>
        DomainCheck.Judge([Record], [new(Record.Name, Record.Type, [.. own])
        {
            Above = above is null ? null : new("_dmarc.example.com", RecordType.Txt, [.. above], fault),
        }]).Single();

    [Theory]
    [InlineData("v=DMARC1; p=reject; sp=quarantine", "quarantine", "with sp=quarantine")]
    [InlineData("v=DMARC1; p=Reject", "reject", "with p=reject")]
    [InlineData("v=DMARC1; p=reject; sp=maybe", "reject", "with p=reject")]
    [InlineData("v=DMARC1; p=none; rua=mailto:a@b.c", "none", "Add mailto:dmarc@engine.net to its rua=")]
    [InlineData("v=DMARC1; p=maybe; rua=mailto:a@b.c", "none", "with p=none")]     // "None", by §6.6.3.
    public void The_organizations_record_holds_for_it(string above, string policy, string advice)
    {
        var check = Judge(["something else"], ["verify=1", above]);

        Assert.Equal((RecordState.Found, policy), (check.State, check.Policy));
        Assert.Contains("_dmarc.example.com holds for it", check.Advice, StringComparison.Ordinal);
        Assert.Contains(advice, check.Advice, StringComparison.Ordinal);
        Assert.Contains(above, check.Seen);
        Assert.True(DomainCheck.IsVerified([check]));
    }

    [Fact]
    public void There_is_nothing_to_add_where_reports_come_here_already() =>
        Assert.Equal("_dmarc.example.com holds for it, with p=reject.",
            Judge([], ["v=DMARC1; p=reject; rua=mailto:dmarc@engine.net"]).Advice);

    [Theory]
    [InlineData()]
    [InlineData("v=spf1 -all")]
    [InlineData("v=DMARC1; sp=none")]
    [InlineData("v=DMARC1; p=none", "v=DMARC1; p=none")]
    public void One_above_that_receivers_leave_out_of_account_is_none(params string[] above)
    {
        var check = Judge([], above);

        Assert.Equal(RecordState.Missing, check.State);
        Assert.Contains("Publish TXT at _dmarc.news.example.com", check.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_goes_before_the_organizations()
    {
        Assert.Equal("none", Judge(["v=DMARC1; p=none"], ["v=DMARC1; p=reject"]).Policy);
        // §6.6.3: with several there is no policy at all, and nobody looks further.
        Assert.Equal(RecordState.Wrong, Judge(["v=DMARC1; p=none", "v=DMARC1; p=none"], ["v=DMARC1; p=none"]).State);
    }

    [Fact]
    public void A_name_server_above_that_is_silent_proves_nothing()
    {
        var check = Judge([], [], "no answer");

        Assert.Equal(RecordState.Unknown, check.State);
        Assert.Contains("no answer", check.Advice, StringComparison.Ordinal);
    }
}
