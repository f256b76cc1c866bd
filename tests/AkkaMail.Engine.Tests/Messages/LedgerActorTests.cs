using Akka.Actor;
using Akka.Persistence.TestKit;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Messages;

public class LedgerActorTests : Kit
{
    [Fact]
    public async Task Commands_that_come_during_a_write_share_the_next_one()
    {
        var ledger = Ledger(TestActor);
        await Journal.OnWrite.SetInterceptorAsync(new Slowly());

        for (var i = 0; i < 100; i++) ledger.Tell(Accept("a.test"));
        for (var i = 0; i < 100; i++) await ExpectMsgIgnoringHints<SubmissionAccepted>();

        await AwaitAssertAsync(() => Assert.InRange(Read.Events.Count, 2, 5));
        Assert.Equal(100, Read.Events.Sum(e => Assert.IsType<SubmissionsAccepted>(e.Event).Submissions.Length));
    }

    [Fact]
    public async Task A_snapshot_taken_under_load_holds_what_is_stored_and_nothing_else()
    {
        var settings = new LedgerSettings(LedgerRules.Default, SnapshotEvery: 2);
        var first = Ledger(TestActor, settings);
        await Journal.OnWrite.SetInterceptorAsync(new Slowly());
        first.Tell(Accept("a.test"));
        // Gather behind the first: commit 2, with the snapshot.
        for (var i = 0; i < 49; i++) first.Tell(Accept("a.test"));
        await ExpectMsgIgnoringHints<SubmissionAccepted>();
        // Behind the second: commit 3, to be replayed on it.
        for (var i = 0; i < 50; i++) first.Tell(Accept("a.test"));
        for (var i = 0; i < 99; i++) await ExpectMsgIgnoringHints<SubmissionAccepted>();
        await Stop(first);

        var second = Ledger(TestActor, settings);
        second.Tell(Wake.Instance);

        await ExpectMsgIgnoringHints<Awake>();
        Assert.Equal(100, Metrics.UnfinishedNow);
    }

    [Fact]
    public async Task After_a_restart_the_same_key_gets_the_same_answer()
    {
        var first = Ledger(TestActor);
        var accept = Accept("a.test") with { Key = new(1, 2) };
        first.Tell(accept);
        var id = (await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id;
        await Stop(first);

        Ledger(TestActor).Tell(accept with { Chance = accept.Chance + 1 });

        var again = await ExpectMsgIgnoringHints<SubmissionAccepted>();
        Assert.Equal((id, true), (again.Id, again.IsRepeat));
    }

    [Fact]
    public async Task What_came_back_is_stored_before_it_is_answered_also_when_its_words_do_not_encode()
    {
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        var id = new MessageId((await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id, 0);
        var late = new Amendment(id, AmendmentKind.LateBounce, new(1, 2), "mx.a.test", null,
            new(550, null, "half a letter: \ud83d"), null, "ip1", "a.test", 7)
        {
            SentBy = new("default", "transactional", StreamKind.Transactional, "a.test"),
        };

        ledger.Tell(new AmendMessages([late]));

        await ExpectMsgIgnoringHints<AmendmentsRecorded>();
        await Stop(ledger);
        Ledger(TestActor).Tell(new ReadUnprojected(id));
        var kept = (await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events.Select(e => e.Event)
            .OfType<MessagesAmended>().SingleOrDefault() ?? Read.Events.Select(e => e.Event).OfType<MessagesAmended>().Single();
        Assert.Equal("550 half a letter: \ufffd", Assert.Single(kept.Amendments).Reply.Line);
    }

    [Fact]
    public async Task A_failed_write_promises_nothing_and_the_next_life_goes_on()
    {
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        await ExpectMsgIgnoringHints<SubmissionAccepted>();
        await Journal.OnWrite.Fail();
        Watch(ledger);

        ledger.Tell(Accept("a.test"));

        await ExpectMsgIgnoringHints<LedgerUnavailable>();
        await ExpectTerminatedAsync(ledger);
        await Journal.OnWrite.Pass();
        var next = Ledger(TestActor);
        next.Tell(Accept("a.test"));
        await ExpectMsgIgnoringHints<SubmissionAccepted>();
        Assert.Equal(2, Metrics.UnfinishedNow);
    }

    [Fact]
    public async Task A_rejected_write_does_not_look_stored()
    {
        var ledger = Ledger(TestActor);
        await Journal.OnWrite.Reject();

        ledger.Tell(Accept("a.test"));

        await ExpectMsgIgnoringHints<LedgerUnavailable>();
        await Journal.OnWrite.Pass();
        ledger.Tell(Accept("a.test"));   // Restarted by its parent.
        await ExpectMsgIgnoringHints<SubmissionAccepted>();
        Assert.Equal(1, Metrics.UnfinishedNow);
    }

    [Fact]
    public async Task Words_that_do_not_encode_are_mended_and_fail_no_neighbour()
    {
        const string Poison = "half a letter: \ud83d", Mended = "half a letter: \ufffd";
        var ledger = Ledger(TestActor);
        var poison = Accept("a.test");
        poison = poison with { Submissions = [poison.Submissions[0] with { Facts = Facts with { Tags = [Poison] } }] };

        foreach (var command in new[] { Accept("a.test"), poison, Accept("a.test") }) ledger.Tell(command);
        for (var i = 0; i < 3; i++) await ExpectMsgIgnoringHints<SubmissionAccepted>();
        ledger.Tell(new TakeDue(Queue("a.test"), 3, Node));
        var due = (await ExpectMsgIgnoringHints<HandedOut>()).Messages;
        ledger.Tell(new ConcludeAttempts([Answer(due[0], 250), Answer(due[1], 550, Poison), Answer(due[2], 250)]));

        await ExpectMsgIgnoringHints<AttemptsRecorded>();
        await AwaitAssertAsync(() => Assert.Equal(3, Concluded().Count));
        Assert.Equal(Mended, Concluded().Single(c => c.Status == MessageStatus.Bounced).Attempt.Reply.Text);
        Assert.Equal([Mended], Read.Events.Select(e => e.Event).OfType<SubmissionsAccepted>()
            .SelectMany(e => e.Submissions).SelectMany(s => s.Facts.Tags));

        List<Conclusion> Concluded() =>
            [.. Read.Events.Select(e => e.Event).OfType<AttemptsConcluded>().SelectMany(e => e.Conclusions)];
    }

    [Fact]
    public async Task What_the_read_model_has_not_yet_is_found_in_the_ledger_also_after_a_restart_from_a_snapshot()
    {
        var never = new TaskCompletionSource();
        Read.Open = never.Task;
        var settings = new LedgerSettings(LedgerRules.Default, SnapshotEvery: 1);
        var first = Ledger(TestActor, settings);
        first.Tell(Accept("a.test"));
        var id = new MessageId((await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id, 0);
        first.Tell(new CancelMessage(id));
        await ExpectMsgIgnoringHints<CancelReply>();
        await Stop(first);

        var second = Ledger(TestActor, settings);
        second.Tell(new ReadUnprojected(id));

        var events = (await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events;
        Assert.Equal([typeof(SubmissionsAccepted), typeof(MessagesEnded)], events.Select(e => e.Event.GetType()));

        never.SetResult();
        await AwaitAssertAsync(async () =>
        {
            second.Tell(new ReadUnprojected(id));
            Assert.Empty((await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events);
        });
        Assert.Equal([1L, 2L], Read.Events.Select(e => e.SequenceNr).Distinct());
    }

    [Fact]
    public async Task What_a_generation_beside_lacks_is_kept_so_that_it_may_be_read_at_any_time()
    {
        var (beside, gate) = (new ReadSide(), new TaskCompletionSource());
        beside.Open = gate.Task;
        Generations = [Read.ToProjection(1), beside.ToProjection(2, throttle: 1)];
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        var id = new MessageId((await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id, 0);
        await AwaitAssertAsync(() => Assert.NotEmpty(Read.Events));

        Generations = [beside.ToProjection(2), Read.ToProjection(1, throttle: 1)];
        ledger.Tell(new GenerationsChanged("messages"));
        await ExpectMsgIgnoringHints<Awake>();
        ledger.Tell(new ReadUnprojected(id));
        Assert.NotEmpty((await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events);
        Assert.True((await Stand(ledger)).HasCaughtUp(2, Now));

        gate.SetResult();
        await AwaitAssertAsync(async () =>
        {
            ledger.Tell(new ReadUnprojected(id));
            Assert.Empty((await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events);
        });
    }

    [Fact]
    public async Task Reactors_go_on_where_another_generation_is_read_that_is_further()
    {
        var (beside, looking) = (new ReadSide(), new ReadSide());
        Read.Open = new TaskCompletionSource().Task;   // It cannot be written.
        Generations = [Read.ToProjection(1), beside.ToProjection(2, throttle: 1)];
        Others = [looking.ToReactor("looking") with { LooksAtMessages = true }];
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        await ExpectMsgIgnoringHints<SubmissionAccepted>();
        await AwaitAssertAsync(() => Assert.NotEmpty(beside.Events));
        Assert.Empty(looking.Events);

        Generations = [beside.ToProjection(2), Read.ToProjection(1, throttle: 1)];
        ledger.Tell(new GenerationsChanged("messages"));

        await AwaitAssertAsync(() => Assert.NotEmpty(looking.Events));
    }

    private async Task<LedgerStand> Stand(IActorRef ledger)
    {
        ledger.Tell(AskStand.Instance);
        return await ExpectMsgIgnoringHints<LedgerStand>();
    }

    [Fact]
    public async Task A_ledger_says_what_it_holds_and_how_far_its_lists_are_to_whoever_asks()
    {
        Read.Open = new TaskCompletionSource().Task;
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test", "b.test", "c.test"));
        await ExpectMsgIgnoringHints<SubmissionAccepted>();

        var stand = await Stand(ledger);

        Assert.Equal((3L, 1L, 0L, 1L), (stand.Unfinished, stand.Newest, stand.Forgotten, stand.LagOf(1)));
        Assert.Equal((Node, 1), (stand.Node, Assert.Single(stand.Generations).Generation));
        Assert.Equal(1, stand.LagOf(2));   // It has not heard of that one.
        Assert.False(stand.HasCaughtUp(2, Now));
    }

    [Fact]
    public async Task A_generation_that_lacks_what_the_ledger_has_forgotten_has_not_caught_up()
    {
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        var id = new MessageId((await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id, 0);
        await AwaitAssertAsync(async () =>
        {
            ledger.Tell(new ReadUnprojected(id));
            Assert.Empty((await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events);
        });

        Generations = [Read.ToProjection(1), new ReadSide().ToProjection(2, throttle: 1)];   // Its journal cannot be read.
        ledger.Tell(new GenerationsChanged("messages"));
        await ExpectMsgIgnoringHints<Awake>();

        await AwaitAssertAsync(() => Assert.Single(Metrics.PlacesOf("messages", 2)));
        Assert.False((await Stand(ledger)).HasCaughtUp(2, Now));
        Assert.True((await Stand(ledger)).HasCaughtUp(1, Now));
    }

    [Fact]
    public async Task A_generation_that_is_dropped_hears_of_nothing_any_more_and_holds_up_nobody()
    {
        var beside = new ReadSide { Open = new TaskCompletionSource().Task };
        Generations = [Read.ToProjection(1), beside.ToProjection(2, throttle: 1)];
        var ledger = Ledger(TestActor);
        ledger.Tell(Accept("a.test"));
        var id = new MessageId((await ExpectMsgIgnoringHints<SubmissionAccepted>()).Id, 0);
        await AwaitAssertAsync(() => Assert.Equal(1, beside.Tried));

        Generations = [Read.ToProjection(1)];
        ledger.Tell(new GenerationsChanged("messages"));
        await ExpectMsgIgnoringHints<Awake>();
        ledger.Tell(new CancelMessage(id));
        await ExpectMsgIgnoringHints<CancelReply>();

        await AwaitAssertAsync(async () =>
        {
            ledger.Tell(new ReadUnprojected(id));
            Assert.Empty((await ExpectMsgIgnoringHints<UnprojectedEvents>()).Events);
        });
        Assert.Equal(1, beside.Tried);
    }

    [Fact]
    public async Task A_read_model_that_stays_behind_stops_the_intake_before_memory_suffers()
    {
        Read.Open = new TaskCompletionSource().Task;
        var ledger = Ledger(TestActor, new(LedgerRules.Default, UnprojectedMax: 3));

        for (var i = 0; i < 3; i++)
        {
            ledger.Tell(Accept("a.test"));
            await ExpectMsgIgnoringHints<SubmissionAccepted>();
        }
        ledger.Tell(Accept("a.test"));

        await ExpectMsgIgnoringHints<LedgerFull>();
    }

    private async Task<T> ExpectMsgIgnoringHints<T>()
    {
        while (true)
        {
            var message = await ReceiveOneAsync(TimeSpan.FromSeconds(10));
            if (message is T t) return t;
            Assert.True(message is QueueHasMail or LedgerBegan, $"expected {typeof(T).Name}, got {message}");
        }
    }

    private sealed class Slowly : IJournalInterceptor
    {
        public Task InterceptAsync(Akka.Persistence.IPersistentRepresentation message) => Task.Delay(50);
    }
}
