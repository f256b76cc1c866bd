using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Tests.Messages;

internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly LedgerRules UsualRules = LedgerRules.Default;
    public static readonly Hash128 Key = new(1, 2);
    private static ulong _chance;

    public static Ledger New()
    {
        var ledger = new Ledger(7);
        ledger.Recovered(Noon);
        return ledger;
    }

    public static readonly SubmissionFacts Facts = new()
    {
        Tenant = "default",
        Stream = Streams.Transactional,
        Kind = StreamKind.Transactional,
        ExpiresAt = Noon.AddHours(72),
        Envelope = 1,
    };

    public static AcceptSubmissions Accept(params string[] sites) => Accept(Submit(Facts, sites));

    public static AcceptSubmissions Accept(params NewSubmission[] submissions) =>
        new(_chance += 10, [.. submissions], Key: null, new(1, 1), AnswerBy: DateTimeOffset.MaxValue);

    public static NewSubmission Submit(SubmissionFacts facts, params string[] sites) =>
        new(facts, [.. sites.Select(site => new AcceptedRecipient(site, default))]);

    public static QueueKey Queue(string domain) => new(domain, "default", Streams.Transactional);

    public static TakeDue Take(string site, int count) => new(Queue(site), count, "node#1");

    public static Attempt Answer(DueMessage due, SmtpReply reply, AttemptEnd end = AttemptEnd.Answered) => new(
        due.Attempt, due.Domain, reply, end, "mx.a.test", "192.0.2.1", SmtpStep.None, null, Noon,
        TimeSpan.FromSeconds(1));

    public static HandedOut HandOut(this Ledger ledger, string site, int count, DateTimeOffset now) =>
        Assert.IsType<HandedOut>(ledger.Decide([Take(site, count)], UsualRules, now).Replies[0]);

    public static Conclusion? Concluded(this Ledger ledger, Attempt attempt, DateTimeOffset now) =>
        ledger.Decide([new ConcludeAttempts([attempt])], UsualRules, now).Events
            .OfType<AttemptsConcluded>().SingleOrDefault()?.Conclusions.Single();
}
