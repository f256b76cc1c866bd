using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams.Dsl;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Projecting;

/// <summary>The feed is taken where it joins on; what lies before it is read from the journal.</summary>
public class FollowerTests : Kit
{
    private readonly Stored _journal = new();
    private readonly Builds _builds;

    public FollowerTests() => _builds = new(Metrics, TimeProvider.System);

    [Fact]
    public async Task Where_the_feed_does_not_join_on_the_journal_is_read_up_to_it()
    {
        _journal.Newest = 10;
        var projector = Projector();

        projector.Tell(Feed(7, 10));

        await Has(10);
        Assert.Equal([(1L, 6L)], _journal.Asked);
    }

    [Fact]
    public async Task A_feed_that_joins_on_is_not_read_again()
    {
        _journal.Newest = 4;
        var projector = Projector();

        projector.Tell(Feed(1, 4));

        await Has(4);
        Assert.Empty(_journal.Asked);
    }

    [Fact]
    public async Task A_new_generation_gets_the_whole_journal_page_by_page()
    {
        var count = FollowerActor.BatchMax + 5L;
        _journal.Newest = count;

        Build().Tell(new Committed([], count));

        await Has(count);
        Assert.Equal([(1L, FollowerActor.BatchMax), (FollowerActor.BatchMax + 1, count)], _journal.Asked);
    }

    [Fact]
    public async Task A_new_generation_waits_while_the_lists_that_are_read_are_behind()
    {
        _journal.Newest = 3;
        Behind(DateTimeOffset.UnixEpoch);

        Build().Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.Equal(BuildHold.ProjectorLag, _builds.HeldBy));
        Assert.Empty(_journal.Asked);

        Behind(null);
        await Has(3);
        Assert.Null(_builds.HeldBy);
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_goes_on_when_it_is_the_one_that_is_read()
    {
        _journal.Newest = 3;
        Behind(DateTimeOffset.UnixEpoch);
        var build = Build();
        build.Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.Equal(BuildHold.ProjectorLag, _builds.HeldBy));

        build.Tell(new FollowAs(Read.ToProjection(2)));

        await Has(3);
    }

    [Fact]
    public async Task Who_has_all_that_it_is_fed_is_not_behind()
    {
        _journal.Newest = 3;
        await Read.Project(0, Feed(1, 3).Events, default);

        Metrics.ReadFrom(0, ("messages", 1));

        Projector().Tell(Feed(1, 3));

        await AwaitAssertAsync(() => Assert.Equal(3, Metrics.PlacesOf("messages", 1).Single().Place));
        Assert.Equal(TimeSpan.Zero, Metrics.Signs(TimeProvider.System.GetUtcNow()).Lag);
    }

    [Fact]
    public async Task Once_it_is_the_one_that_is_read_it_waits_for_nothing()
    {
        _journal.Newest = 3;
        var build = Build();
        build.Tell(new Committed([], 3));
        await Has(3);
        Behind(DateTimeOffset.UnixEpoch);

        build.Tell(new FollowAs(Read.ToProjection(2)));
        _journal.Newest = 9;
        build.Tell(new Committed([], 9));

        await Has(9);
        Assert.Equal(0, Metrics.LagOf("messages", 2));
    }

    [Fact]
    public async Task A_page_is_no_larger_than_what_follows_from_it_may_be()
    {
        (_journal.Newest, _journal.FactsEach) = (4, FollowerActor.FactsMax / 2 + 1);
        var projector = Projector();

        projector.Tell(new Committed([], 4));

        await Has(4);
        Assert.Equal([(1L, 4L), (3L, 4L)], _journal.Asked);
    }

    [Fact]
    public async Task A_gap_in_the_feed_is_filled_from_the_journal()
    {
        _journal.Newest = 9;
        var projector = Projector();
        projector.Tell(Feed(1, 3));
        await Has(3);

        projector.Tell(Feed(7, 9));

        await Has(9);
        Assert.Equal([(4L, 6L)], _journal.Asked);
    }

    [Fact]
    public async Task What_a_failed_write_lost_of_the_feed_is_read_from_the_journal()
    {
        _journal.Newest = 5;
        Read.Open = Task.FromException(new InvalidOperationException("the read model is away"));
        var projector = Projector();
        projector.Tell(Feed(1, 5));
        await AwaitAssertAsync(() => Assert.True(Read.Tried > 0));

        Read.Open = Task.CompletedTask;

        await Has(5);
        Assert.Equal((1L, 5L), _journal.Asked.First());
    }

    [Fact]
    public async Task A_failed_write_makes_the_lag_no_longer_than_what_is_left()
    {
        _journal.Newest = 5;
        var projector = Projector();
        projector.Tell(Feed(1, 3));
        await Has(3);
        Read.Open = Task.FromException(new InvalidOperationException("the read model is away"));
        var tried = Read.Tried;

        projector.Tell(Feed(4, 5));

        await EventFilter.Warning(contains: "waits in ledger 0").ExpectOneAsync(() => AwaitAssertAsync(
            () => Assert.True(Read.Tried > tried)));
        Assert.Equal(2, Metrics.LagOf("messages", 1));
    }

    [Fact]
    public async Task What_a_reader_that_waits_is_not_given_by_the_feed_it_gets_from_the_journal()
    {
        var gate = new TaskCompletionSource();
        Read.Open = gate.Task;
        var newest = FollowerActor.FeedMax + 500L;
        _journal.Newest = newest;
        var projector = Projector();
        projector.Tell(Feed(1, 1));
        await AwaitAssertAsync(() => Assert.Equal(1, Read.Tried));

        for (var n = 2L; n <= newest; n++) projector.Tell(Feed(n, n));
        gate.SetResult();

        await Has(newest);
        Assert.Equal((2L, 500L), _journal.Asked.First());   // The feed has kept the newest 4,000.
    }

    [Fact]
    public async Task A_gap_in_the_journal_is_looked_at_again_and_forgets_nothing()
    {
        _journal.Newest = 0;   // Its events are away, or late.
        var projector = Projector();
        projector.Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.NotEmpty(_journal.Asked));

        _journal.Newest = 3;

        await Has(3);
    }

    [Fact]
    public async Task A_reactor_goes_no_further_than_the_messages_are_and_never_back()
    {
        _journal.Newest = 9;
        var reactor = Reactor(concerned: _ => true);
        reactor.Tell(Feed(1, 6));
        reactor.Tell(new Projected(1, 4));
        await Has(4);

        reactor.Tell(new Projected(1, 0));   // Another generation is read, and has not caught up,
        reactor.Tell(Feed(7, 9));
        reactor.Tell(new Projected(1, 3));
        reactor.Tell(new Projected(1, 9));   // and now has.

        await Has(9);   // Each event once.
    }

    [Fact]
    public async Task A_reactor_that_looks_at_no_message_waits_for_no_read_model()
    {
        _journal.Newest = 6;
        var reactor = Sys.ActorOf(FollowerActor.Props(0, new("ledger-0", Read.ToReactor("test"), _ => _journal, Metrics, _builds)));

        reactor.Tell(Feed(1, 6));

        await Has(6);
    }

    [Fact]
    public async Task A_reactor_that_is_not_concerned_is_not_asked_but_its_place_is_noted_now_and_then()
    {
        var all = FollowerActor.NoteEvery + 2L * FollowerActor.BatchMax;
        _journal.Newest = all;
        var reactor = Reactor(concerned: e => e.At == Stored.At(all).At);
        reactor.Tell(new Projected(1, all));
        reactor.Tell(new Committed([], all - 1));
        await AwaitAssertAsync(() => Assert.NotEmpty(Read.Events), TimeSpan.FromSeconds(20));
        Assert.InRange(
            Read.Events.Last().SequenceNr, FollowerActor.NoteEvery, FollowerActor.NoteEvery + FollowerActor.BatchMax);

        reactor.Tell(Feed(all, all));

        await AwaitAssertAsync(() => Assert.Equal(all, Read.Events.Last().SequenceNr), TimeSpan.FromSeconds(20));
        Assert.Equal(2, Read.Tried);
    }

    private IActorRef Reactor(Func<ILedgerEvent, bool> concerned) => Sys.ActorOf(FollowerActor.Props(
        0, new("ledger-0", new Reactor("test", concerned, Read.Project, Read.PlaceOf), _ => _journal, Metrics, _builds)));

    /// <summary>Lists of another ledger lack what was recorded then.</summary>
    private void Behind(DateTimeOffset? at)
    {
        Metrics.ReadFrom(1, ("messages", 1));
        Metrics.Reached("messages", 1, new(1, 5, 9, at));
    }

    private IActorRef Build() => Sys.ActorOf(FollowerActor.Props(
        0, new("ledger-0", Read.ToProjection(2, throttle: 1), _ => _journal, Metrics, _builds)));

    private IActorRef Projector() => Sys.ActorOf(FollowerActor.Props(
        0, new("ledger-0", Read.ToProjection(), _ => _journal, Metrics, _builds)));

    private static Committed Feed(long from, long to) =>
        new([.. Numbers(from, to).Select(n => new NumberedEvent(n, Stored.At(n)))], to);

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (var n = from; n <= to; n++) yield return n;
    }

    /// <summary>Each event once, in order, and the right one.</summary>
    private async Task Has(long newest)
    {
        await AwaitAssertAsync(
            () => Assert.Equal(Numbers(1, newest), Read.Events.Select(e => e.SequenceNr)), TimeSpan.FromSeconds(10));
        Assert.All(Read.Events, e => Assert.Equal(Stored.At(e.SequenceNr).At, e.Event.At));
    }

    /// <summary>A journal with events from 1 on.</summary>
    private sealed class Stored : ICurrentEventsByPersistenceIdQuery
    {
        private static readonly MessageEnd End =
            new(new(SubmissionId.Create(0, DateTimeOffset.UnixEpoch, 1), 0), MessageStatus.Expired, default);

        public long Newest { get; set; }

        /// <summary>How many messages each event ends.</summary>
        public int FactsEach { get; set; }

        public ConcurrentQueue<(long From, long To)> Asked { get; } = new();

        public static MessagesEnded At(long number) => new(DateTimeOffset.UnixEpoch.AddSeconds(number), []);

        public Source<EventEnvelope, NotUsed> CurrentEventsByPersistenceId(
            string persistenceId, long fromSequenceNr, long toSequenceNr)
        {
            Asked.Enqueue((fromSequenceNr, toSequenceNr));
            var ends = Enumerable.Repeat(End, FactsEach).ToImmutableArray();
            return Source.From(Numbers(fromSequenceNr, Math.Min(toSequenceNr, Newest)).Select(n =>
                new EventEnvelope(Offset.Sequence(n), persistenceId, n, At(n) with { Ends = ends }, n, [])));
        }
    }
}
