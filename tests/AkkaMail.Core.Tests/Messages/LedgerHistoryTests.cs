using System.Text.Json;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using CsCheck;

namespace AkkaMail.Core.Tests.Messages;

/// <summary>
/// Random lives of a ledger: commands in batches, time, crashes at every place, snapshots now and then.
/// </summary>
public class LedgerHistoryTests
{
    private static readonly string[] Sites = ["a.test", "b.test", "c.test"];

    private static readonly Gen<(int Kind, int A, int B)[][]> Histories =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000], Gen.Int[0, 1_000]).Array[1, 6].Array[5, 60];

    [Fact]
    public void The_state_after_a_recovery_is_the_state_before_it() => Histories.Sample(batches =>
    {
        var life = new Life();
        foreach (var batch in batches)
        {
            life.Live(batch);
            Assert.Equal(Text(life.Ledger), Text(life.Replayed(fromSnapshot: false)));
            Assert.Equal(Text(life.Ledger), Text(life.Replayed(fromSnapshot: true)));
        }
    }, iter: 200);

    [Fact]
    public void No_message_ends_twice_and_none_is_lost() => Histories.Sample(batches =>
    {
        var life = new Life();
        foreach (var batch in batches)
        {
            life.Live(batch);
            if (batch[0].B % 5 == 0) life.Crash(fromSnapshot: batch[0].A % 2 == 0);
        }
        var ends = life.Journal.SelectMany(Ends).ToList();
        var accepted = life.Journal.OfType<SubmissionsAccepted>().SelectMany(e => e.Submissions)
            .Sum(s => s.Recipients.Length);

        Assert.Equal(ends.Distinct().Count(), ends.Count);
        Assert.Equal(accepted, ends.Count + life.Ledger.Unfinished);
    }, iter: 500);

    [Fact]
    public void Attempts_of_a_message_are_numbered_without_a_gap_and_never_run_twice_at_once() =>
        Histories.Sample(batches =>
    {
        var life = new Life();
        foreach (var batch in batches)
        {
            life.Live(batch);
            if (batch[0].B % 7 == 0) life.Crash(fromSnapshot: true);
        }
        foreach (var message in life.Journal.OfType<AttemptsStarted>().SelectMany(e => e.Attempts)
            .GroupBy(a => a.Message))
            Assert.Equal(Enumerable.Range(1, message.Count()), message.Select(a => a.Number));
    }, iter: 300);

    [Fact]
    public void In_the_end_every_message_has_ended() => Histories.Sample(batches =>
    {
        var life = new Life();
        foreach (var batch in batches) life.Live(batch);
        life.Crash(fromSnapshot: true);
        life.EndAll();

        Assert.Equal(0, life.Ledger.Unfinished);
    }, iter: 200);

    private static IEnumerable<MessageId> Ends(ILedgerEvent e) => e switch
    {
        AttemptsConcluded c => c.Conclusions.Where(x => x.Status.IsTerminal()).Select(x => x.Attempt.Id.Message),
        MessagesEnded x => x.Touched(),
        _ => [],
    };

    /// <summary>That time passes is no event: a replay forgets nothing of the last half minute.</summary>
    private static string Text(Ledger ledger) => JsonSerializer.Serialize(ledger.ToSnapshot() with { Recent = [] });

    private sealed class Life
    {
        private static readonly LedgerRules UsualRules = Given.UsualRules with { UnfinishedMax = 40 };
        private readonly List<(AttemptId Id, string Site)> _attempts = [];
        private readonly List<MessageId> _messages = [];
        private LedgerSnapshot _snapshot = new Ledger(7).ToSnapshot();
        private int _snapshotAt;
        private DateTimeOffset _now = Given.Noon;
        private ulong _chance;

        public Ledger Ledger { get; private set; } = Given.New();
        public List<ILedgerEvent> Journal { get; } = [];

        public void Live((int Kind, int A, int B)[] batch)
        {
            Do([.. batch.Select(Command)]);
            if (batch[0].A % 10 == 0) (_snapshot, _snapshotAt) = (Ledger.ToSnapshot(), Journal.Count);
        }

        private void Do(IReadOnlyList<ILedgerCommand> commands)
        {
            var decided = Ledger.Decide(commands, UsualRules, _now);
            Journal.AddRange(decided.Events);
            foreach (var reply in decided.Replies)
            {
                if (reply is HandedOut h) _attempts.AddRange(h.Messages.Select(m => (m.Attempt, m.Domain)));
                if (reply is SubmissionAccepted { IsRepeat: false } s)
                    for (var i = 0; i < s.Count; i++) _messages.AddRange([new(s.Id.Next(i), 0), new(s.Id.Next(i), 1)]);
            }
        }

        private ILedgerCommand Command((int Kind, int A, int B) x)
        {
            switch (x.Kind)
            {
                case 0 or 1 or 2:
                    var facts = Given.Facts with
                    {
                        SendAt = x.B % 5 == 0 ? _now.AddMinutes(x.A) : null,
                        ExpiresAt = _now.AddHours(1 + x.A % 72),
                        Tags = x.A % 2 == 0 ? ["a", "b"] : [],
                    };
                    string[] sites = [.. Enumerable.Range(0, 1 + x.A % 3).Select(i => Sites[(x.B + i) % 3])];
                    var submit = Given.Submit(facts, sites);
                    var engaged = submit.Recipients[0] with { Engaged = new DateOnly(2026, 1, 1) };
                    if (x.B % 4 == 0) submit = submit with { Recipients = submit.Recipients.SetItem(0, engaged) };
                    return Given.Accept([.. Enumerable.Repeat(submit, 1 + x.B % 3)]) with
                    {
                        Chance = _chance += 10,
                        Key = x.A % 4 == 0 ? new((ulong)(x.B % 10), 1) : null,
                        Request = new((ulong)(x.A % 8), 0),
                        AnswerBy = x.B % 11 == 0 ? _now.AddSeconds(-1) : DateTimeOffset.MaxValue,
                    };
                case 3 or 4 or 5:
                    return new TakeDue(Given.Queue(Sites[x.A % 3]), x.B % 8, $"node#{x.B % 2}");
                case 6 or 7 when _attempts.Count > 0:
                    var (id, site) = _attempts[x.A % _attempts.Count];
                    SmtpReply reply = (x.B % 4) switch
                    {
                        0 => new(250, null, ""),
                        1 => new(550, null, ""),
                        2 => new(451, null, ""),
                        _ => SmtpReply.None(""),
                    };
                    return new ConcludeAttempts([new(
                        id, site, reply, (AttemptEnd)(x.B / 4 % 4), null, null, SmtpStep.None, null, _now, default)]);
                case 8 when _messages.Count > 0:
                    return new CancelMessage(_messages[x.A % _messages.Count]);
                default:
                    _now += TimeSpan.FromMinutes(x.A);
                    return PassTime.Instance;
            }
        }

        public Ledger Replayed(bool fromSnapshot)
        {
            var ledger = fromSnapshot ? Ledger.From(_snapshot) : new Ledger(7);
            foreach (var e in Journal.Skip(fromSnapshot ? _snapshotAt : 0)) ledger.Apply(e);
            return ledger;
        }

        public void Crash(bool fromSnapshot)
        {
            Ledger = Replayed(fromSnapshot);
            Ledger.Recovered(_now);
            InDoubt();
        }

        private void InDoubt() => Do([new ConcludeAttempts([
            .. Ledger.Sending().Select(s => new Attempt(
                s.Attempt, s.Domain, SmtpReply.None("the server stopped"), AttemptEnd.InDoubt, null, null, SmtpStep.None,
                null, _now, default))])]);

        public void EndAll()
        {
            InDoubt();
            _now += TimeSpan.FromDays(100);
            Do([PassTime.Instance]);
        }
    }
}
