using System.Text;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Ids;

public class WellFormedTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // No theory: an attribute keeps its strings in UTF-8, which has no half of a pair.
    [Fact]
    public void Half_a_pair_is_replaced_and_nothing_else()
    {
        (string Text, string Mended)[] cases =
        [
            ("plain", "plain"),
            ("später ✉ 🎉", "später ✉ 🎉"),
            ("a\ud83d", "a\ufffd"),
            ("\udf89b", "\ufffdb"),
            ("\udf89\ud83d", "\ufffd\ufffd"),
            ("🎉\ud83d🎉", "🎉\ufffd🎉"),
        ];

        Assert.All(cases, c => Assert.Equal(c.Mended, WellFormed.Of(c.Text)));
        Assert.All(cases, c => Strict.GetBytes(WellFormed.Of(c.Text)));
    }

    [Fact]
    public void What_comes_from_outside_encodes_however_it_is_made()
    {
        const string Poison = "x\ud83d";
        var facts = new SubmissionFacts
        {
            Tenant = Poison,
            Stream = Poison,
            Kind = StreamKind.Broadcast,
            Sender = Poison,
            Tags = ["fine", Poison],
            ExpiresAt = default,
            Envelope = 1,
            By = Poison,
            Trace = Poison,
        };
        var end = new MessageEnd(default, MessageStatus.Cancelled, facts.SentBy) { By = Poison, Asked = Poison };
        var way = new Way(Poison, Poison, Poison);
        var attempt = new Attempt(default, Poison, SmtpReply.None(""), AttemptEnd.Answered, Poison, Poison,
            SmtpStep.Dot, Poison, default, default);
        var amendment = new Amendment(
            default, AmendmentKind.Complaint, default, Poison, Poison, SmtpReply.None(""), null, null, null, 1)
        { SentBy = facts.SentBy };
        string?[] texts =
        [
            facts.Tenant, facts.Stream, facts.Sender, facts.Tags[1], new AcceptedRecipient(Poison, default).Domain,
            SmtpReply.Parse(550, "5.1.1 " + Poison).Text, SmtpReply.Ours(Poison).Text, SmtpReply.None(Poison).Text,
            (SmtpReply.None("") with { Text = Poison }).Text, attempt.Site, attempt.Mx, attempt.Source, attempt.Tls,
            amendment.Reporter, amendment.FeedbackType, facts.By, facts.Trace, facts.SentBy.Sender, end.By, end.Asked,
            way.Site, way.Source, way.Provider,
        ];

        Assert.All(texts, text => Assert.EndsWith("x\ufffd", text));
    }
}
