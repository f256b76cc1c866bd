using System.Collections.Concurrent;
using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Hosting.Tests.World;

/// <summary>A read model that keeps what it is told, through every life of the actor system.</summary>
public sealed class ReadSide
{
    private readonly ConcurrentDictionary<int, long> _upTo = new();

    public Facts<ILedgerEvent> Events { get; } = new();

    public JournalReaders ToReaders() => new(
        () => [new Projection("messages", 1, 1, Project, PlaceOf)],
        new Reactor("keys", _ => false, (_, _, _) => Task.CompletedTask, (_, _) => Task.FromResult(0L)));

    private Task Project(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        var news = events.Where(e => e.SequenceNr > _upTo.GetValueOrDefault(partition)).ToList();
        if (news.Count > 0) _upTo[partition] = news[^1].SequenceNr;
        Events.Add(news.Select(e => e.Event));
        return Task.CompletedTask;
    }

    private Task<long> PlaceOf(int partition, CancellationToken cancel) =>
        Task.FromResult(_upTo.GetValueOrDefault(partition));

    /// <summary>Every conclusion there is, once at least <paramref name="count"/> messages have ended.</summary>
    public async Task<ImmutableList<Conclusion>> Ended(int count) => Conclusions(
        await Events.Until(all => Conclusions(all).Count(c => c.Status.IsTerminal()) >= count));

    private static ImmutableList<Conclusion> Conclusions(IEnumerable<ILedgerEvent> events) =>
        [.. events.OfType<AttemptsConcluded>().SelectMany(e => e.Conclusions)];
}
