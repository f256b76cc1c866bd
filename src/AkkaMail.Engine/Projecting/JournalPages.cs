using System.Collections.Immutable;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace AkkaMail.Engine.Projecting;

/// <summary>An event and its number in the journal of whom it belongs to.</summary>
public sealed record Numbered<T>(long SequenceNr, T Event);

/// <summary>
/// Events, newest first; <paramref name="Next"/> is the newest that has not been looked at, null when there is none.
/// </summary>
public sealed record JournalPage<T>(ImmutableArray<Numbered<T>> Events, long? Next);

/// <summary>
/// Reads one journal from its end, e.g. a lane's history. The journal is read forwards only, so it is done a part at a
/// time; where the end is knows who writes it.
/// </summary>
public static class JournalPages
{
    /// <summary>One page looks at no more events: a filter that fits hardly any must not read years at once.</summary>
    public const int ScanMax = 10_000;

    private const int Part = 500;

    /// <summary>A hold bears the time of the reply behind it, a moment before its event was stored.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(5);

    /// <summary>
    /// At most <paramref name="max"/> that fit, from number <paramref name="upTo"/> downwards and not before
    /// <paramref name="from"/>; <paramref name="at"/> tells an event's time.
    /// </summary>
    public static async Task<JournalPage<T>> Newest<T>(
        ICurrentEventsByPersistenceIdQuery journal, IMaterializer materializer, string persistenceId, long upTo, int max,
        DateTimeOffset? from, Func<T, DateTimeOffset> at, Func<T, bool> fits, CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<Numbered<T>>();
        var least = Math.Max(0, upTo - ScanMax);
        for (var high = upTo; high > least; high -= Part)
        {
            cancel.ThrowIfCancellationRequested();
            var part = await journal
                .CurrentEventsByPersistenceId(persistenceId, Math.Max(least, high - Part) + 1, high)
                .Select(e => new Numbered<T>(e.SequenceNr, (T)e.Event))
                .RunWith(Sink.Seq<Numbered<T>>(), materializer);
            foreach (var e in part.Reverse())
            {
                if (at(e.Event) < from - Disorder) return new(found.ToImmutable(), null);
                if (at(e.Event) < from || !fits(e.Event)) continue;
                found.Add(e);
                if (found.Count == max) return new(found.ToImmutable(), e.SequenceNr > 1 ? e.SequenceNr - 1 : null);
            }
        }
        return new(found.ToImmutable(), least > 0 ? least : null);
    }
}
