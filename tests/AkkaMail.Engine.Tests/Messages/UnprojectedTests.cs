using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

/// <summary>A GET of one message hears of that message, whoever shared its commits.</summary>
public sealed class UnprojectedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly SubmissionFacts Facts =
        new() { Tenant = "acme", Stream = "news", Kind = StreamKind.Broadcast, ExpiresAt = Noon.AddDays(3), Envelope = 1 };

    private static SubmissionId Submission(int n) => SubmissionId.Create(0, Noon, (ulong)n);

    private static AttemptId Try(int n, int number = 1) => new(new(Submission(n), 1), number);

    private static Conclusion Deferred(AttemptId id) => new(
        new(id, "a.test", new(451, null, "later"), AttemptEnd.Answered, null, null, SmtpStep.Dot, null, Noon, default),
        MessageStatus.Deferred, Noon, "retry/default", Facts.SentBy);

    [Fact]
    public void Of_a_large_commit_it_has_its_own_and_of_its_submission_all_recipients()
    {
        var all = new Unprojected();
        ILedgerEvent[] commit =
        [
            new SubmissionsAccepted(Noon, [.. Enumerable.Range(0, 500).Select(n => new AcceptedSubmission(
                Submission(n), Facts, null, [new("a.test", default), new("b.test", default)]))]),
            new AttemptsStarted(Noon, "n#1", [.. Enumerable.Range(0, 500).Select(n => Try(n))]),
            new AttemptsConcluded(Noon, [.. Enumerable.Range(0, 500).Select(n => Deferred(Try(n)))]),
            new MessagesEnded(Noon, [.. Enumerable.Range(0, 500).Select(n => new MessageEnd(
                Try(n).Message, MessageStatus.Expired, Facts.SentBy))]),
            new MessagesEnded(Noon, [new(Try(8).Message, MessageStatus.Expired, Facts.SentBy)]),
        ];
        for (var i = 0; i < commit.Length; i++) all.Add(new(i + 1, commit[i]));

        var found = all.Of(Try(7).Message);

        Assert.Equal([1L, 2, 3, 4], found.Select(e => e.SequenceNr));
        Assert.Equal([new MessageId(Submission(7), 0), new(Submission(7), 1)], found[0].Event.Touched());
        Assert.All(found.Skip(1), e => Assert.Equal([Try(7).Message], e.Event.Touched()));
    }

    [Fact]
    public void Of_very_many_lines_it_has_the_first_which_are_the_story_as_it_was_then()
    {
        var all = new Unprojected();
        for (var n = 1; n <= 300; n++)
            all.Add(new(n, new AttemptsConcluded(Noon, [Deferred(Try(7, n)), Deferred(Try(8, n))])));

        Assert.Equal(Enumerable.Range(1, UnprojectedEvents.LinesMax),
            all.Of(Try(7).Message).Select(e => (int)e.SequenceNr));
    }
}
