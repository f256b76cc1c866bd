using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Messages;
using CsCheck;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>Events as a ledger journals them, by hand and at random.</summary>
internal static class Histories
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static Hash128 Hash(string text) => Hash128.Of(Encoding.UTF8.GetBytes(text));

    public static SubmissionId Submission(int number, int partition = 0) =>
        SubmissionId.Create(partition, Noon.AddSeconds(number), (ulong)number);

    public static AcceptedSubmission Accepted(
        int number, int recipients = 1, string tenant = "acme", string stream = "transactional", string[]? tags = null,
        Hash128? key = null, DateTimeOffset? sendAt = null, int partition = 0) => new(
        Submission(number, partition),
        new()
        {
            Tenant = tenant,
            Stream = stream,
            Kind = Streams.KindOf(stream),
            Tags = [.. tags ?? []],
            SendAt = sendAt,
            ExpiresAt = Noon.AddDays(3),
            Envelope = number,
            Door = Door.Smtp,
            By = "k1",
            Bytes = 1_234,
            Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        }, key is { } k ? new(k, Hash($"request {number}"), 1) : null,
        [.. Enumerable.Range(0, recipients)
            .Select(i => new AcceptedRecipient($"site{i % 3}", Hash($"r{number}-{i}")))]);

    public static SubmissionsAccepted Accept(params AcceptedSubmission[] submissions) => new(Noon, [.. submissions]);

    public static AttemptsStarted Started(params MessageId[] ids) =>
        new(Noon.AddSeconds(1), "node-1", [.. ids.Select(id => new AttemptId(id, 1))]);

    public static Conclusion Conclusion(
        MessageId id, MessageStatus status, int number = 1, string text = "2.0.0 ok ✓", SentBy? by = null) => new(
        Attempt(new(id, number), SmtpReply.Parse(250, text)),
        status, status is MessageStatus.Deferred ? Noon.AddMinutes(5) : null, "retry/default", by ?? Shop);

    /// <summary>Whose <see cref="Accepted"/> is if nothing else is said.</summary>
    public static readonly SentBy Shop = new("acme", "transactional", StreamKind.Transactional, "");

    public static Attempt Attempt(AttemptId id, SmtpReply reply) =>
        new Attempt(id, "site0", reply, AttemptEnd.Answered, "mx[192.0.2.1]:25", "192.0.2.9", SmtpStep.Dot, "TLS1.3",
            Noon.AddSeconds(1), TimeSpan.FromMilliseconds(12))
        {
            Departure = new("default", "google", "v1", Noon.AddSeconds(0.25), HeldBy.Rate, 3),
            Bytes = 4_213,
            LocalAddress = "192.0.2.9",
            Nth = 2,
        }.JudgedBy(BounceRulesReader.Shipped);

    public static AttemptsConcluded Concluded(MessageStatus status, params MessageId[] ids) =>
        new(Noon.AddSeconds(2), [.. ids.Select(id => Conclusion(id, status))]);

    public static ImmutableArray<NumberedEvent> Numbered(long from, params ILedgerEvent[] events) =>
        [.. events.Select((e, i) => new NumberedEvent(from + i, e))];

    /// <summary>
    /// Submissions first come, first changed; each event names each message once, as a ledger's does.
    /// </summary>
    public static readonly Gen<ILedgerEvent[]> Random =
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4], Gen.Bool).List[1, 6].SelectMany(shapes =>
        {
            var submissions = shapes.Select((s, i) => Accepted(
                i, s.Item1, i % 2 == 0 ? "acme" : "zeta", s.Item3 ? "transactional" : "broadcast",
                [.. Enumerable.Range(0, s.Item2).Select(t => $"tag{t}")], s.Item3 ? Hash($"key{i}") : null,
                s.Item3 ? Noon.AddHours(1) : null)).ToArray();
            return Gen.Select(Gen.Int[0, 99], Gen.Int[0, 5], Gen.Int[5, 10]).List[0, 20].Select(steps =>
                steps.Select((step, i) => Step(submissions, step.Item1, step.Item2, step.Item3, i))
                    .Prepend(Accept(submissions)).ToArray());
        });

    /// <summary>Without what a ledger does to no message that has ended.</summary>
    public static ILedgerEvent[] WithoutLateComers(IEnumerable<ILedgerEvent> events)
    {
        var ended = new HashSet<MessageId>();
        return [.. events.Select(e => e switch
        {
            AttemptsStarted s => s with { Attempts = [.. s.Attempts.Where(a => !ended.Contains(a.Message))] },
            AttemptsConcluded c => c with
            {
                Conclusions = [.. c.Conclusions.Where(x => x.Status.IsTerminal()
                    ? ended.Add(x.Attempt.Id.Message) : !ended.Contains(x.Attempt.Id.Message))],
            },
            MessagesEnded x => x with { Ends = [.. x.Ends.Where(end => ended.Add(end.Message))] },
            _ => e,
        })];
    }

    private static ILedgerEvent Step(AcceptedSubmission[] submissions, int pick, int kind, int end, int number)
    {
        var submission = submissions[pick % submissions.Length];
        MessageId[] ids = [.. Enumerable.Range(0, submission.Recipients.Length).Where(i => (pick >> i) % 2 == 0)
            .Select(i => new MessageId(submission.Id, i))];
        var (at, by) = (Noon.AddSeconds(number), submission.Facts.SentBy);
        return kind switch
        {
            0 => new AttemptsStarted(at, "node-1", [.. ids.Select(id => new AttemptId(id, number))]),
            1 => new AttemptsConcluded(at, [.. ids.Select(id => Conclusion(id, MessageStatus.Deferred, number, by: by))]),
            2 => new AttemptsConcluded(at, [.. ids.Select(id => Conclusion(id, (MessageStatus)end, number, by: by))]),
            3 => Ended(MessageStatus.Cancelled, at, by, ids),
            // Few different reports, so that some come again, in the same event and in later ones.
            4 => new MessagesAmended(at, [.. ids.Concat(ids.Take(1)).Select(id =>
                Amendment(id, (AmendmentKind)(1 + end % 3), pick % 3) with { SentBy = by })]),
            _ => Ended(MessageStatus.Expired, at, by, ids),
        };
    }

    public static MessagesEnded Ended(MessageStatus status, DateTimeOffset at, params MessageId[] ids) =>
        Ended(status, at, Shop, ids);

    private static MessagesEnded Ended(MessageStatus status, DateTimeOffset at, SentBy by, MessageId[] ids) =>
        new(at, [.. ids.Select(id => status == MessageStatus.Cancelled
            ? new MessageEnd(id, status, by) { By = "k1", Asked = MessageEnd.OneMessage }
            : new(id, status, by) { Last = id.Index % 2 == 0 ? null : new("site0", "ip1", "google") })]);

    public static Amendment Amendment(MessageId id, AmendmentKind kind = AmendmentKind.LateBounce, int report = 0) => new(
        id, kind, Hash($"report {report}"), "mx.site0", kind == AmendmentKind.LateBounce ? null : "abuse",
        SmtpReply.Parse(550, "5.1.1 no ✓"),
        kind == AmendmentKind.LateBounce ? new(BounceReason.UnknownUser, false, new(5, 1, 1), "unknown-user", "v1") : null,
        "ip1", "site0", 7)
    {
        SentBy = Shop,
        Provider = "google",
    };

    public static MessagesAmended Amended(params Amendment[] amendments) => new(Noon.AddHours(1), [.. amendments]);

    public static IEnumerable<MessageId> Ids(IEnumerable<ILedgerEvent> events) =>
        events.OfType<SubmissionsAccepted>().SelectMany(a => a.Submissions)
            .SelectMany(s => Enumerable.Range(0, s.Recipients.Length).Select(i => new MessageId(s.Id, i)));

    /// <summary>Records compare immutable arrays by reference; as JSON they compare by what is in them.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value);

    /// <summary>All that a read model tells, as one text.</summary>
    public static async Task<string> Everything(ReadModel model)
    {
        var messages = (await model.List(new(Limit: 500), default)).Messages;
        var stories = new List<MessageStory?>();
        foreach (var message in messages) stories.Add(await model.Find(message.Id, default));
        var counters = await model.Counters(default);
        return Text(stories)
            + Text(counters.Select(c => new { c.Tenant, c.Stream, c.Accepted, By = c.ByStatus.OrderBy(s => s.Key) }))
            + Text(await model.Offsets(default));
    }
}
