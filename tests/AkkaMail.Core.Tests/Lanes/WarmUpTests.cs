using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>When a stage of a warm-up is passed.</summary>
public class WarmUpTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly WarmUpPlan Plan = new("own", TimeSpan.FromDays(1), [100, 200]);

    [Theory]
    [InlineData(100, 100, 100, 0, 1)]
    [InlineData(100, 91, 100, 0, 1)]
    [InlineData(100, 90, 100, 0, 0)]     // A tenth was not delivered.
    [InlineData(100, 80, 82, 0, 1)]      // What three nodes were granted and did not use is nobody's refusal.
    [InlineData(89, 89, 89, 0, 0)]       // A day with little mail shows nothing about the next stage.
    [InlineData(100, 100, 100, 1, 0)]    // One complaint in a hundred is ten times what is tolerated.
    [InlineData(100, 0, 0, 0, 0)]        // No answer at all.
    public void A_stage_is_passed_by_a_full_day_of_mail_that_arrived(
        int granted, int delivered, int answered, int complaints, int nextStage)
    {
        var warmUp = WarmUp.Begin(Plan).After(new WarmUpGranted(Noon, Noon.AddHours(12), granted))
            .After(new OutcomesCounted(Noon, Noon, OutcomeCounts.Of(
                (ReplyClass.Accepted, delivered), (ReplyClass.OtherTransient, answered - delivered))));

        var ended = warmUp.EndDay(complaints, Noon.AddDays(1));

        Assert.Equal(nextStage, ended!.NextStage);
        Assert.Null(warmUp.EndDay(complaints, Noon.AddHours(11)));
    }
}
