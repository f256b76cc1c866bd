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
public sealed class FollowerTests : FollowerKit
{
    [Fact]
    public async Task Where_the_feed_does_not_join_on_thePast_is_read_up_to_it()
    {
        Past.Newest = 10;
        var projector = Projector();

        projector.Tell(Feed(7, 10));

        await Has(10);
        Assert.Equal([(1L, 6L)], Past.Asked);
    }

    [Fact]
    public async Task A_feed_that_joins_on_is_not_read_again()
    {
        Past.Newest = 4;
        var projector = Projector();

        projector.Tell(Feed(1, 4));

        await Has(4);
        Assert.Empty(Past.Asked);
    }

    [Fact]
    public async Task A_gap_in_the_feed_is_filled_from_thePast()
    {
        Past.Newest = 9;
        var projector = Projector();
        projector.Tell(Feed(1, 3));
        await Has(3);

        projector.Tell(Feed(7, 9));

        await Has(9);
        Assert.Equal([(4L, 6L)], Past.Asked);
    }

    [Fact]
    public async Task What_a_failed_write_lost_of_the_feed_is_read_from_thePast()
    {
        Past.Newest = 5;
        Read.Open = Task.FromException(new InvalidOperationException("the read model is away"));
        var projector = Projector();
        projector.Tell(Feed(1, 5));
        await AwaitAssertAsync(() => Assert.True(Read.Tried > 0));

        Read.Open = Task.CompletedTask;

        await Has(5);
        Assert.Equal((1L, 5L), Past.Asked.First());
    }

    [Fact]
    public async Task What_a_store_has_lost_comes_again_though_nothing_new_is_stored()
    {
        Past.Newest = 5;
        var projector = Projector();
        projector.Tell(Feed(1, 5));
        await Has(5);
        await AwaitAssertAsync(() => Assert.Equal(0, Metrics.LagOf("messages", 1)));

        Read.Lose(0, downTo: 2);

        await AwaitAssertAsync(() =>
        {
            projector.Tell(FollowerActor.Look.Instance);   // As each minute; not while it is about something.
            Assert.Equal([1, 2, 3, 4, 5, 3, 4, 5], Read.Events.Select(e => e.SequenceNr));
        });
    }

    [Fact]
    public async Task A_failed_write_makes_the_lag_no_longer_than_what_is_left()
    {
        Past.Newest = 5;
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
    public async Task What_a_reader_that_waits_is_not_given_by_the_feed_it_gets_from_thePast()
    {
        var gate = new TaskCompletionSource();
        Read.Open = gate.Task;
        var newest = FollowerActor.FeedMax + 500L;
        Past.Newest = newest;
        var projector = Projector();
        projector.Tell(Feed(1, 1));
        await AwaitAssertAsync(() => Assert.Equal(1, Read.Tried));

        for (var n = 2L; n <= newest; n++) projector.Tell(Feed(n, n));
        gate.SetResult();

        await Has(newest);
        Assert.Equal((2L, 500L), Past.Asked.First());   // The feed has kept the newest 4,000.
    }

    [Fact]
    public async Task A_gap_in_thePast_is_looked_at_again_and_forgets_nothing()
    {
        Past.Newest = 0;   // Its events are away, or late.
        var projector = Projector();
        projector.Tell(new Committed([], 3));
        await AwaitAssertAsync(() => Assert.NotEmpty(Past.Asked));

        Past.Newest = 3;

        await Has(3);
    }

    [Fact]
    public async Task A_reactor_goes_no_further_than_the_messages_are_and_never_back()
    {
        Past.Newest = 9;
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
        Past.Newest = 6;
        var reactor = Sys.ActorOf(FollowerActor.Props(0, new("ledger-0", Read.ToReactor("test"), _ => Past, Metrics, Builds)));

        reactor.Tell(Feed(1, 6));

        await Has(6);
    }

    [Fact]
    public async Task A_reactor_that_is_not_concerned_is_not_asked_but_its_place_is_noted_now_and_then()
    {
        var all = FollowerActor.NoteEvery + 2L * FollowerActor.BatchMax;
        Past.Newest = all;
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
        0, new("ledger-0", new Reactor("test", concerned, Read.Project, Read.PlaceOf), _ => Past, Metrics, Builds)));
}
