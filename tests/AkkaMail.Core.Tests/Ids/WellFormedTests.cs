using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Ids;

public class WellFormedTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("später ✉ 🎉", "später ✉ 🎉")]
    [InlineData("a\ud83d", "a\ufffd")]
    [InlineData("\udf89b", "\ufffdb")]
    [InlineData("\udf89\ud83d", "\ufffd\ufffd")]
    [InlineData("🎉\ud83d🎉", "🎉\ufffd🎉")]
    public void Half_a_pair_is_replaced_and_nothing_else(string text, string mended)
    {
        Assert.Equal(mended, WellFormed.Of(text));
        Strict.GetBytes(WellFormed.Of(text));
    }

    [Fact]
    public void What_comes_from_outside_encodes_however_it_is_made()
    {
        const string Poison = "x\ud83d";
        var facts = new SubmissionFacts
        {
            Tenant = Poison, Stream = Poison, Kind = StreamKind.Broadcast, Sender = Poison, Tags = ["fine", Poison],
            ExpiresAt = default, Envelope = 1,
        };
        var attempt = new Attempt(default, Poison, SmtpReply.None(""), AttemptEnd.Answered, Poison, Poison, SmtpStep.Dot,
            Poison, default, default);
        string?[] texts =
        [
            facts.Tenant, facts.Stream, facts.Sender, facts.Tags[1], new AcceptedRecipient(Poison, default).Domain,
            SmtpReply.Parse(550, "5.1.1 " + Poison).Text, SmtpReply.Ours(Poison).Text, SmtpReply.None(Poison).Text,
            (SmtpReply.None("") with { Text = Poison }).Text, attempt.Site, attempt.Mx, attempt.Source, attempt.Tls,
            new Amendment(default, AmendmentKind.Complaint, default, Poison, Poison, SmtpReply.None(""), null, null, null, 1)
                .Reporter,
        ];

        Assert.All(texts, text => Assert.EndsWith("x\ufffd", text));
    }
}
