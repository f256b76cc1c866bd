using System.Collections.Immutable;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Engine.Shaping;

/// <summary>An event of a lane and its number in the journal.</summary>
public sealed record NumberedLaneEvent(long SequenceNr, IGovernorEvent Event);

/// <summary>
/// Events, newest first; <paramref name="Next"/> is the newest that has not been looked at, null when there is none.
/// </summary>
public sealed record LanePage(ImmutableArray<NumberedLaneEvent> Events, long? Next);

/// <summary>
/// Reads a lane's journal from its end. The journal is read forwards only, so it is done a part at a time; where the
/// end is its governor knows (<see cref="LaneState.Newest"/>).
/// </summary>
public static class LaneJournal
{
    /// <summary>One page looks at no more events: a filter that fits hardly any must not read years at once.</summary>
    public const int ScanMax = 10_000;

    private const int Part = 500;

    /// <summary>A hold bears the time of the reply behind it, a moment before its event was stored.</summary>
    private static readonly TimeSpan Disorder = TimeSpan.FromMinutes(5);

    /// <summary>
    /// At most <paramref name="max"/> that fit, from number <paramref name="upTo"/> downwards and not before
    /// <paramref name="from"/>.
    /// </summary>
    public static async Task<LanePage> Newest(
        ICurrentEventsByPersistenceIdQuery journal, IMaterializer materializer, LaneKey lane, long upTo, int max,
        DateTimeOffset? from, Func<IGovernorEvent, bool> fits, CancellationToken cancel)
    {
        var found = ImmutableArray.CreateBuilder<NumberedLaneEvent>();
        var least = Math.Max(0, upTo - ScanMax);
        for (var high = upTo; high > least; high -= Part)
        {
            cancel.ThrowIfCancellationRequested();
            var part = await journal
                .CurrentEventsByPersistenceId(GovernorActor.IdOf(lane), Math.Max(least, high - Part) + 1, high)
                .Select(e => new NumberedLaneEvent(e.SequenceNr, (IGovernorEvent)e.Event))
                .RunWith(Sink.Seq<NumberedLaneEvent>(), materializer);
            foreach (var e in part.Reverse())
            {
                if (e.Event.At < from - Disorder) return new(found.ToImmutable(), null);
                if (e.Event.At < from || !fits(e.Event)) continue;
                found.Add(e);
                if (found.Count == max) return new(found.ToImmutable(), e.SequenceNr > 1 ? e.SequenceNr - 1 : null);
            }
        }
        return new(found.ToImmutable(), least > 0 ? least : null);
    }
}
