using AkkaMail.Core.Lanes;
using AkkaMail.Core.Replies;
using CsCheck;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>The score by its documented formula.</summary>
public class ReputationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly ReplyClass[] Bad =
    [
        ReplyClass.Blocked, ReplyClass.UnknownUser, ReplyClass.Content, ReplyClass.RateLimited,
        ReplyClass.TooManyConnections, ReplyClass.OtherTransient,
    ];

    [Fact]
    public void More_of_anything_bad_never_raises_the_score() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 5_000], Gen.Int[0, 100], Gen.Int[1, 100], Gen.Int[0, 20])
            .Sample((bad, total, share, more, complaints) =>
            {
                double With(int percent, int complained)
                {
                    var n = total * Math.Min(percent, 100) / 100;
                    return Score((Bad[bad], n), (ReplyClass.Accepted, total - n), complained);
                }

                Assert.True(With(share + more, complaints) <= With(share, complaints) + 1e-9);
                Assert.True(With(share, complaints + more) <= With(share, complaints) + 1e-9);
                Assert.InRange(With(share, complaints), 0, 100);
            }, iter: 300);

    [Theory]
    [InlineData(ReplyClass.UnknownUser, 20_000, 0, 0)]      // A fifth of unknown users is the end of a good name,
    [InlineData(ReplyClass.UnknownUser, 0, 500, 0)]         // and so is half a percent of complaints.
    [InlineData(ReplyClass.UnknownUser, 2_000, 0, 90)]
    [InlineData(ReplyClass.RateLimited, 10_000, 0, 90)]
    [InlineData(ReplyClass.Accepted, 0, 0, 100)]
    public void The_score_of_a_hundred_thousand_messages_is_what_the_formula_says(
        ReplyClass bad, int count, int complaints, double score) =>
        Assert.Equal(score, Score((bad, count), (ReplyClass.Accepted, 100_000 - count), complaints), 0.1);

    [Fact]
    public void What_was_bad_loses_half_its_weight_in_a_week_and_a_lane_nobody_hears_of_goes_back_to_80()
    {
        var reputation = new Reputation();
        reputation.Add(OutcomeCounts.Of((ReplyClass.Blocked, 100)), Noon);

        var weeks = Enumerable.Range(0, 12).Select(w => reputation.Score(Noon.AddDays(7 * w))).ToList();

        Assert.Equal(80.0 * 50 / 150, weeks[0], 9);
        Assert.Equal(80.0 * 50 / 100, weeks[1], 9);   // As if it had been 50.
        Assert.Equal(weeks.Order(), weeks);
        Assert.Equal(80, weeks[^1], 0.1);
        Assert.Equal(80, new Reputation().Score(Noon));
    }

    [Fact]
    public void Later_clean_mail_outweighs_earlier_faults_the_sooner_the_older_they_are()
    {
        double After(int days)
        {
            var reputation = new Reputation();
            reputation.Add(OutcomeCounts.Of((ReplyClass.UnknownUser, 200), (ReplyClass.Accepted, 800)), Noon);
            reputation.Add(OutcomeCounts.Of((ReplyClass.Accepted, 1_000)), Noon.AddDays(days));
            return reputation.Score(Noon.AddDays(days));
        }

        var scores = new[] { After(0), After(7), After(14), After(28) };

        Assert.Equal(scores.Order(), scores);
        Assert.InRange(scores[0], 45, 55);
        Assert.InRange(scores[3], 90, 95);
    }

    private static double Score((ReplyClass, int) some, (ReplyClass, int) others, int complaints)
    {
        var reputation = new Reputation();
        reputation.Add(OutcomeCounts.Of(some, others), Noon);
        reputation.AddFeedback(complaints, 0, Noon);
        return reputation.Score(Noon);
    }
}
