using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

/// <summary>An SPF record is right when our sources pass it, however it is written.</summary>
public sealed class SpfSourcesTests
{
    private static readonly DnsRecord Record =
        new(RecordPurpose.Spf, "bounce.a.test", RecordType.Txt, "v=spf1 ip4:192.0.2.7 include:relay.test ~all", true);

    [Theory]
    [InlineData("v=spf1 redirect=ours.test", SourceOutcome.Passes, RecordState.Wrong)]          // The relay is missing.
    [InlineData("v=spf1 ip4:192.0.2.0/24 include:relay.test -all", SourceOutcome.Passes, RecordState.Found)]
    [InlineData("v=spf1 include:x.test include:relay.test -all", SourceOutcome.Passes, RecordState.Found)]
    [InlineData("v=spf1 ip4:192.0.2.7 include:relay.test ~all", SourceOutcome.Refused, RecordState.Wrong)]
    [InlineData("v=spf1 ip4:192.0.2.7 include:relay.test ~all", SourceOutcome.Error, RecordState.Wrong)]
    [InlineData("v=spf1 ip4:192.0.2.7 include:relay.test ~all", SourceOutcome.Unknown, RecordState.Unknown)]
    // Of those nobody asked about, the ones that were asked speak.
    [InlineData("v=spf1 ip4:192.0.0.0/16 include:relay.test ~all", SourceOutcome.Unasked, RecordState.Found)]
    [InlineData("v=spf1 +all", SourceOutcome.Passes, RecordState.Wrong)]
    public void What_check_host_says_of_our_sources_decides(string published, SourceOutcome outcome, RecordState state)
    {
        var answer = new DnsAnswer(Record.Name, Record.Type, [published])
        {
            Sources = [new("ip4:192.0.2.7", "192.0.2.7", outcome, "because")],
        };

        var check = DomainCheck.Judge([Record], [answer]).Single();

        Assert.Equal(state, check.State);
        if (outcome is SourceOutcome.Error or SourceOutcome.Unknown)
            Assert.Contains("because", check.Advice, StringComparison.Ordinal);
    }
}
