using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.TestKit;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

/// <summary>A commit that fails takes back what it decided, whatever kinds of commands it had.</summary>
public class CommitFaultTests : Kit
{
    [Fact]
    public async Task All_askers_are_told_and_the_next_life_is_what_the_journal_holds()
    {
        var ledger = Ledger(CreateTestProbe());
        var ids = new List<MessageId>();
        for (var i = 0; i < 3; i++) ids.Add(new((await ledger.Ask<SubmissionAccepted>(Accept($"s{i}.test"))).Id, 0));
        var started = (await ledger.Ask<HandedOut>(new TakeDue(Queue("s0.test"), 1, Node))).Messages.Single();
        var stored = await InTheJournal();
        var died = CreateTestProbe();
        await died.WatchAsync(ledger);
        await Journal.OnWrite.FailWithDelay(TimeSpan.FromMilliseconds(100));

        ILedgerCommand[] commands =
        [
            // This one's write fails; the others gather behind it.
            Accept("s3.test"),
            Accept("s4.test"), new CancelMessage(ids[1]), new ConcludeAttempts([Answer(started, 250)]),
            new TakeDue(Queue("s2.test"), 1, Node),
        ];
        var askers = commands.Select(_ => CreateTestProbe()).ToList();
        for (var i = 0; i < commands.Length; i++) ledger.Tell(commands[i], askers[i]);

        foreach (var asker in askers) await asker.ExpectMsgAsync<LedgerUnavailable>(u => u.Partition == 0);
        await died.ExpectTerminatedAsync(ledger);
        await Journal.OnWrite.Pass();
        await GoesOnFrom(stored, ids, started.Attempt);
    }

    [Fact]
    public async Task A_batch_of_all_kinds_that_fails_has_done_nothing()
    {
        var ledger = Ledger(CreateTestProbe());
        var ids = new List<MessageId>();
        for (var i = 0; i < 3; i++) ids.Add(new((await ledger.Ask<SubmissionAccepted>(Accept($"s{i}.test"))).Id, 0));
        var started = (await ledger.Ask<HandedOut>(new TakeDue(Queue("s0.test"), 1, Node))).Messages.Single();
        var before = await InTheJournal();
        var died = CreateTestProbe();
        await died.WatchAsync(ledger);
        await Journal.OnWrite.SetInterceptorAsync(new FailsAtTheSecond());

        var first = ledger.Ask<object>(new CancelMessage(ids[2]));   // Its write is slow, and succeeds.
        ILedgerCommand[] commands =
        [
            Accept("s4.test"), new CancelMessage(ids[1]), new ConcludeAttempts([Answer(started, 250)]),
            new TakeDue(Queue("s1.test"), 1, Node),
        ];
        var askers = commands.Select(_ => CreateTestProbe()).ToList();
        for (var i = 0; i < commands.Length; i++) ledger.Tell(commands[i], askers[i]);

        Assert.IsType<CancelReply>(await first);
        foreach (var asker in askers) await asker.ExpectMsgAsync<LedgerUnavailable>();
        await died.ExpectTerminatedAsync(ledger);
        await Journal.OnWrite.Pass();
        Assert.Equal(before.Count + 1, (await InTheJournal()).Count);
        var next = Ledger(CreateTestProbe());
        Assert.Equal(CancelResult.Unknown, (await next.Ask<CancelReply>(new CancelMessage(ids[2]))).Result);
        Assert.Equal(2, Metrics.UnfinishedNow);
        Assert.Equal(CancelResult.Cancelled, (await next.Ask<CancelReply>(new CancelMessage(ids[1]))).Result);
        await next.Ask<AttemptsRecorded>(new ConcludeAttempts([Answer(started, 250)]));
        Assert.Equal(0, Metrics.UnfinishedNow);
    }

    private async Task GoesOnFrom(List<ILedgerEvent> stored, List<MessageId> ids, Core.Ids.AttemptId started)
    {
        Assert.Equal(stored.Select(e => e.GetType()), (await InTheJournal()).Select(e => e.GetType()));
        var told = new Ledger(0);
        foreach (var e in stored) told.Apply(e);
        var delivery = CreateTestProbe();
        var ledger = Ledger(delivery);
        await ledger.Ask<Awake>(Wake.Instance);

        Assert.Equal((3, 3L), (told.Unfinished, Metrics.UnfinishedNow));
        Assert.Equal([started], told.Sending().Select(s => s.Attempt));
        var runs = (WhatRuns)await delivery.FishForMessageAsync(m => m is WhatRuns);
        Assert.Equal(started, runs.Attempts.Single());   // The result that was not stored is not known.
        Assert.Equal(CancelResult.Cancelled, (await ledger.Ask<CancelReply>(new CancelMessage(ids[1]))).Result);
        var handed = await ledger.Ask<HandedOut>(new TakeDue(Queue("s2.test"), 1, Node));
        Assert.Equal((ids[2], 1), (handed.Messages.Single().Id, handed.Messages.Single().Number));
        Assert.Empty((await ledger.Ask<HandedOut>(new TakeDue(Queue("s3.test"), 1, Node))).Messages);
        Assert.Empty((await ledger.Ask<HandedOut>(new TakeDue(Queue("s4.test"), 1, Node))).Messages);
        await ledger.Ask<AttemptsRecorded>(new ConcludeAttempts([Answer(handed.Messages.Single(), 250)]));
        Assert.Equal(1, Metrics.UnfinishedNow);
    }

    private async Task<List<ILedgerEvent>> InTheJournal()
    {
        var reader = Sys.ActorOf(Props.Create(() => new Reader()));
        var events = await reader.Ask<List<ILedgerEvent>>("read");
        await Stop(reader);
        return events;
    }

    /// <summary>The journal of ledger 0 as another actor finds it.</summary>
    private sealed class Reader : UntypedPersistentActor
    {
        private readonly List<ILedgerEvent> _events = [];

        public override string PersistenceId => LedgerActor.IdOf(0);
        public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

        protected override void OnCommand(object message) => Sender.Tell(_events);

        protected override void OnRecover(object message)
        {
            if (message is ILedgerEvent e) _events.Add(e);
        }
    }

    /// <summary>Slow, so that the commands behind the first share the second write.</summary>
    private sealed class FailsAtTheSecond : IJournalInterceptor
    {
        private int _writes;

        public async Task InterceptAsync(IPersistentRepresentation message)
        {
            if (Interlocked.Increment(ref _writes) > 1) throw new TestJournalFailureException();
            await Task.Delay(100);
        }
    }
}
