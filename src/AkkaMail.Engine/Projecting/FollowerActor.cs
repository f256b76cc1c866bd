using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Projecting;

/// <summary>
/// Brings one ledger's events to one reader. The ledger feeds it what it has just stored, so that nothing is read
/// twice; where the feed does not join on (after a rebuild, a restored file, a long pause) the journal is read instead.
/// A reactor that looks at messages is never brought further than the projection <c>messages</c> is.
/// </summary>
public sealed class FollowerActor : UntypedActor, IWithTimers
{
    /// <summary>At most so many events a transaction.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Events kept of the feed; a reader that lags gets those before them from the journal.</summary>
    public const int FeedMax = 4 * BatchMax;

    /// <summary>
    /// A reactor that has nothing to do notes its place so seldom: a sync for each batch of deliveries would slow them
    /// down. After a start so many are looked at again, in vain.
    /// </summary>
    public const int NoteEvery = 10_000;

    /// <summary>
    /// Rest between two transactions while there is little to do. What a message goes through within it folds into one
    /// row; nobody misses it, since a GET asks the ledger too.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly int _partition;
    private readonly FollowerParts _parts;
    private readonly Reactor? _reactor;
    private readonly Queue<NumberedEvent> _feed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long? _place;
    private long _newest, _noted, _projected;
    private int _replay;
    private bool _busy, _resting;

    public FollowerActor(int partition, FollowerParts parts) =>
        (_partition, _parts, _reactor) = (partition, parts, parts.Reader as Reactor);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(int partition, FollowerParts parts) =>
        Akka.Actor.Props.Create(() => new FollowerActor(partition, parts));

    protected override void PreStart() => AskPlace();
    protected override void PostStop() => _stopping.Cancel();

    /// <summary>Up to where there is something for this reader.</summary>
    private long Reachable => _reactor is { LooksAtMessages: true } ? Math.Min(_newest, _projected) : _newest;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Committed c:
                foreach (var e in c.Events) _feed.Enqueue(e);
                while (_feed.Count > FeedMax) _feed.Dequeue();
                _newest = Math.Max(_newest, c.Newest);
                Go();
                break;
            case Projected p:
                _projected = p.UpTo;   // It may go back: the projection has been emptied.
                Go();
                break;
            case Answer { Replay: var replay } when replay != _replay:   // Asked before the projection was emptied.
                _busy = false;
                Go();
                break;
            case Place p:
                (_busy, _place, _noted) = (false, p.At, p.At);
                Tell(p.At);
                Go();
                break;
            case Stored s:
                _place = s.UpTo;
                if (s.IsNoted) _noted = s.UpTo;
                Tell(s.UpTo);
                if (Reachable - s.UpTo >= BatchMax / 2) { _busy = false; Go(); }
                else Wait(Rest);
                break;
            case Read r:
                Take(r.Events);
                break;
            case ReplayProjection when _reactor is null:
                _replay++;
                (_place, _noted) = (null, 0);   // What is under way ends before the new place is asked for.
                if (!_busy) AskPlace();
                break;
            case Status.Failure f:
                _log.Warning(f.Cause, "{0} waits in ledger {1}", _parts.Reader.Name, _partition);
                _place = null;   // The projection may have been emptied under the write: ask it anew.
                Wait(TimeSpan.FromSeconds(1));
                break;
            case Again:
                if (!_resting) break;
                (_resting, _busy) = (false, false);
                Go();
                break;
            default: Unhandled(message); break;
        }
        _parts.Metrics.Lag(_parts.Reader.Name, _partition, Math.Max(0, _newest - (_place ?? _noted)));
    }

    private void Tell(long upTo) =>
        Context.Parent.Tell(_reactor is null ? new Projected(upTo) : new Followed(_reactor.Name, upTo));

    private void Wait(TimeSpan pause)
    {
        _resting = true;
        Timers.StartSingleTimer("again", Again.Instance, pause);
    }

    private void AskPlace()
    {
        var replay = _replay;
        _busy = true;
        _parts.Reader.PlaceOf(_partition, _stopping.Token).PipeTo(Self, success: at => new Place(replay, at));
    }

    private void Go()
    {
        if (_busy) return;
        if (_place is not { } place) { AskPlace(); return; }
        while (_feed.TryPeek(out var old) && old.SequenceNr <= place) _feed.Dequeue();
        if (Reachable <= place) return;

        var replay = _replay;
        _busy = true;
        if (_feed.TryPeek(out var next) && next.SequenceNr == place + 1) { Take(TakeFromFeed(place)); return; }
        var upTo = Math.Min(Reachable, _feed.Count > 0 ? _feed.Peek().SequenceNr - 1 : _newest);
        _parts.Journal(Context.System)
            .CurrentEventsByPersistenceId(_parts.Ledger, place + 1, Math.Min(upTo, place + BatchMax))
            .Select(e => new NumberedEvent(e.SequenceNr, (ILedgerEvent)e.Event))
            .RunWith(Sink.Seq<NumberedEvent>(), Context.Materializer())
            .PipeTo(Self, success: events => new Read(replay, [.. events]));
    }

    private ImmutableArray<NumberedEvent> TakeFromFeed(long place)
    {
        var batch = ImmutableArray.CreateBuilder<NumberedEvent>();
        while (batch.Count < BatchMax && _feed.TryPeek(out var e) && e.SequenceNr == place + 1 + batch.Count
            && e.SequenceNr <= Reachable)
            batch.Add(_feed.Dequeue());
        return batch.ToImmutable();
    }

    private void Take(ImmutableArray<NumberedEvent> events)
    {
        if (events.IsEmpty)
        {
            // Not thrown: a new life would know nothing of what is new until the ledger stores more.
            Self.Tell(new Status.Failure(new InvalidOperationException($"the journal has a gap after {_place}")));
            return;
        }
        var (replay, last) = (_replay, events[^1].SequenceNr);
        if (_reactor is not null && last - _noted < NoteEvery && !events.Any(e => _reactor.Concerns(e.Event)))
        {
            Self.Tell(new Stored(replay, last, IsNoted: false));
            return;
        }
        // A failed write loses its part of the feed; the journal still has it.
        _parts.Reader.Follow(_partition, events, _stopping.Token)
            .PipeTo(Self, success: () => new Stored(replay, last, IsNoted: true));
    }

    /// <summary>What was asked for in the <paramref name="Replay"/>-th reading of the journal.</summary>
    private abstract record Answer(int Replay);

    private sealed record Place(int Replay, long At) : Answer(Replay);

    private sealed record Stored(int Replay, long UpTo, bool IsNoted) : Answer(Replay);

    private sealed record Read(int Replay, ImmutableArray<NumberedEvent> Events) : Answer(Replay);

    private sealed record Again { public static Again Instance { get; } = new(); }
}
