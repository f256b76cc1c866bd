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

/// <summary>A follower between a journal that tells what it was asked for and a reader that keeps what it is told.</summary>
public abstract class FollowerKit : Kit
{
    private protected FollowerKit() => Builds = new(Metrics, TimeProvider.System);

    private protected Builds Builds { get; }
    private protected Stored Past { get; } = new();

    private protected IActorRef Projector() => Sys.ActorOf(FollowerActor.Props(
        0, new("ledger-0", Read.ToProjection(), _ => Past, Metrics, Builds)));

    private protected static Committed Feed(long from, long to) =>
        new([.. Numbers(from, to).Select(n => new NumberedEvent(n, Stored.At(n)))], to);

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (var n = from; n <= to; n++) yield return n;
    }

    /// <summary>Each event once, in order, and the right one.</summary>
    private protected async Task Has(long newest)
    {
        await AwaitAssertAsync(
            () => Assert.Equal(Numbers(1, newest), Read.Events.Select(e => e.SequenceNr)), TimeSpan.FromSeconds(10));
        Assert.All(Read.Events, e => Assert.Equal(Stored.At(e.SequenceNr).At, e.Event.At));
    }

    /// <summary>A journal with events from 1 on.</summary>
    private protected sealed class Stored : ICurrentEventsByPersistenceIdQuery
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
