using AkkaMail.Core.Domains;

namespace AkkaMail.Core.Tests.Domains;

public sealed class ReadinessTests
{
    private static readonly ReadinessFacts Ready = new(
        [.. DnsRecords.For(SendingDomain.Of("example.com") with
        { Keys = [new("akkamail-r1", DkimAlgorithm.RsaSha256, "A")] }, new(["ip4:192.0.2.7"], "mx.b", "t.b"))
            .Select(r => new RecordCheck(r, RecordState.Found, [r.Value], null))],
        "reject", true, true, [new("192.0.2.7", "out.b.net", ["out.b.net"], "out.b.net")], true, 10_000, 9_900, 5)
    {
        Reported = new(10_000, 9_900, 9_000, 9_000),
    };

    private static RuleCheck Check(ReadinessFacts facts, string rule) =>
        Readiness.Check(facts).Single(c => c.Rule.StartsWith(rule, StringComparison.Ordinal)
            && (rule != "dmarc" || c.Rule == "dmarc"));

    [Fact]
    public void A_sender_who_does_everything_is_ready() =>
        Assert.All(Readiness.Check(Ready), c => Assert.Equal((RuleState.Ok, null), (c.State, c.WhatToDo)));

    public static TheoryData<string, RuleState, Func<ReadinessFacts, ReadinessFacts>> Faults => new()
    {
        { "spf", RuleState.Failed, f => With(f, RecordPurpose.Spf, RecordState.Wrong) },
        { "spf", RuleState.Failed, f => With(f, RecordPurpose.ReturnPath, RecordState.Missing) },
        { "dkim", RuleState.Failed, f => With(f, RecordPurpose.Dkim, RecordState.Missing) },
        { "dkim", RuleState.Unknown, f => With(f, RecordPurpose.Dkim, RecordState.Unknown) },
        { "dmarc", RuleState.Failed, f => With(f, RecordPurpose.Dmarc, RecordState.Missing) },
        { "dmarc-alignment", RuleState.Warning, f => f with { ReturnPathAligned = false } },
        { "dmarc-alignment", RuleState.Failed, f => f with { SignsAligned = false, ReturnPathAligned = false } },
        { "tls", RuleState.Failed, f => f with { DeliveredByTls = 0 } },
        { "tls", RuleState.Warning, f => f with { DeliveredByTls = 4_000 } },
        { "tls", RuleState.Unknown, f => f with { Delivered = 0, DeliveredByTls = 0 } },
        { "reverse-name", RuleState.Failed, f => With(f, s => s with { Names = [], Confirmed = null }) },
        { "reverse-name", RuleState.Failed, f => With(f, s => s with { Confirmed = null }) },
        { "reverse-name", RuleState.Warning, f => With(f, s => s with { EhloName = "other.b.net" }) },
        { "reverse-name", RuleState.Unknown, f => With(f, s => s with { Names = null, Confirmed = null }) },
        { "one-click", RuleState.Failed, f => f with { OneClick = false } },
        { "one-click", RuleState.Unknown, f => f with { OneClick = null } },
        { "dmarc-reports", RuleState.Unknown, f => f with { Reported = null } },
        { "dmarc-reports", RuleState.Unknown, f => f with { Reported = new(10_000, 50, 99, 0) } },
        { "dmarc-reports", RuleState.Ok, f => f with { Reported = new(10_000, 99, 100, 99) } },   // Others are forgers.
        { "dmarc-reports", RuleState.Warning, f => f with { Reported = new(1_000, 989, 1_000, 989) } },
        { "dmarc-reports", RuleState.Failed, f => f with { Reported = new(1_000, 899, 1_000, 899) } },
        { "complaints", RuleState.Ok, f => f with { Complaints = 9 } },
        { "complaints", RuleState.Warning, f => f with { Complaints = 10 } },
        { "complaints", RuleState.Failed, f => f with { Complaints = 30 } },
        { "complaints", RuleState.Unknown, f => f with { Delivered = 999, Complaints = 9 } },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Each_rule_says_what_is_missing(string rule, RuleState state, Func<ReadinessFacts, ReadinessFacts> fault)
    {
        var check = Check(fault(Ready), rule);

        Assert.Equal(state, check.State);
        if (state is RuleState.Failed or RuleState.Warning) Assert.NotNull(check.WhatToDo);
    }

    private static ReadinessFacts With(ReadinessFacts facts, RecordPurpose purpose, RecordState state) => facts with
    {
        Records = [.. facts.Records.Select(r =>
            r.Record.Purpose == purpose ? r with { State = state, Advice = "Change it." } : r)],
    };

    private static ReadinessFacts With(ReadinessFacts facts, Func<SourceFacts, SourceFacts> change) =>
        facts with { Sources = [change(facts.Sources[0])] };
}
