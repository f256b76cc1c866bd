using AkkaMail.Core.Domains;
using AkkaMail.Server.Api.Domains;

namespace AkkaMail.Server.Tests.Api.Domains;

/// <summary>What is shown of a domain later is what its last look found, though that knew more than is kept.</summary>
public sealed class DomainResponseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly InstallationFacts Facts = new(["ip4:192.0.2.7"], "mx.engine.net", "link.engine.net");

    private static RecordResponse Shown(string name, RecordState state, params string[] seen) =>
        DomainResponse.Of(new RegisteredDomain("default", SendingDomain.Of("news.example.com"), Noon,
            DomainStanding.Verified, Noon, [new(name, RecordType.Txt, state, [.. seen])]), Facts)
            .Records!.Single(r => r.Name == name && r.Type == "TXT");

    [Fact]
    public void An_SPF_record_that_lets_our_sources_pass_by_what_it_includes_stays_found()
    {
        var shown = Shown("bounce.news.example.com", RecordState.Found, "v=spf1 include:_spf.example.com ~all");

        Assert.Equal(("found", null), (shown.State, shown.Advice));
    }

    [Fact]
    public void One_that_receivers_could_not_evaluate_stays_wrong()
    {
        var shown = Shown("bounce.news.example.com", RecordState.Wrong,
            "v=spf1 include:loop.example.com ip4:192.0.2.7 ~all");

        Assert.Equal("wrong", shown.State);
        Assert.Contains("Verify the domain again", shown.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RecordState.Found, "found", null, "v=DMARC1; p=reject; sp=quarantine")]     // The organization's.
    [InlineData(RecordState.Missing, "missing", "Publish TXT")]
    public void So_does_a_DMARC_record(RecordState state, string word, string? advice, params string[] seen)
    {
        var shown = Shown("_dmarc.news.example.com", state, seen);

        Assert.Equal(word, shown.State);
        Assert.Equal(advice is null, shown.Advice is null);
        if (advice is not null) Assert.Contains(advice, shown.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_never_looked_up_is_unknown() =>
        Assert.Equal("unknown", DomainResponse.Of(new RegisteredDomain("default", SendingDomain.Of("example.com"), Noon,
            DomainStanding.Unverified, Noon, []), Facts).Records![0].State);
}
