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
/// Brings one ledger's events to the read model. The ledger feeds it what it has just stored, so that nothing is read
/// twice; where the feed does not join on (after a rebuild or a restored file) the journal is read instead.
/// </summary>
public sealed class ProjectorActor : UntypedActor, IWithTimers
{
    /// <summary>At most so many events a transaction.</summary>
    public const int BatchMax = 1_000;

    /// <summary>
    /// Rest between two transactions while there is little to do. What a message goes through within it folds into one
    /// row; nobody misses it, since a GET asks the ledger too.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly int _partition;
    private readonly ProjectorParts _parts;
    private readonly Queue<NumberedEvent> _feed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long? _position;
    private long _newest;
    private int _replay;
    private bool _busy, _resting;

    public ProjectorActor(int partition, ProjectorParts parts) => (_partition, _parts) = (partition, parts);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(int partition, ProjectorParts parts) =>
        Akka.Actor.Props.Create(() => new ProjectorActor(partition, parts));

    protected override void PreStart() => AskPosition();
    protected override void PostStop() => _stopping.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Committed c:
                foreach (var e in c.Events) _feed.Enqueue(e);
                _newest = Math.Max(_newest, c.Newest);
                Go();
                break;
            case Answer { Replay: var replay } when replay != _replay:   // Asked before the read model was emptied.
                _busy = false;
                Go();
                break;
            case Position p:
                _busy = false;
                _position = p.At;
                Context.Parent.Tell(new Projected(p.At));
                Go();
                break;
            case Stored s:
                _position = s.UpTo;
                Context.Parent.Tell(new Projected(s.UpTo));
                if (_feed.Count >= BatchMax / 2) { _busy = false; Go(); }
                else Wait(Rest);
                break;
            case Replayed r:
                Write(r.Events);
                break;
            case ReplayProjection:
                _replay++;
                _position = null;   // What is under way ends before the new position is asked for.
                if (!_busy) AskPosition();
                break;
            case Status.Failure f:
                _log.Warning(f.Cause, "the read model of ledger {0} waits", _partition);
                _position = null;   // The read model may have been emptied under the write: ask it anew.
                Wait(TimeSpan.FromSeconds(1));
                break;
            case Again:
                if (!_resting) break;
                (_resting, _busy) = (false, false);
                Go();
                break;
            default: Unhandled(message); break;
        }
        _parts.Metrics.ProjectorLag(_partition, Math.Max(0, _newest - (_position ?? 0)));
    }

    private void Wait(TimeSpan pause)
    {
        _resting = true;
        Timers.StartSingleTimer("again", Again.Instance, pause);
    }

    private void AskPosition()
    {
        var replay = _replay;
        _busy = true;
        _parts.ProjectedUpTo(_partition, _stopping.Token).PipeTo(Self, success: at => new Position(replay, at));
    }

    private void Go()
    {
        if (_busy) return;
        if (_position is not { } position) { AskPosition(); return; }
        while (_feed.TryPeek(out var old) && old.SequenceNr <= position) _feed.Dequeue();
        if (_feed.Count == 0 && _newest <= position) return;

        var replay = _replay;
        _busy = true;
        if (_feed.TryPeek(out var next) && next.SequenceNr == position + 1) { Write(TakeFromFeed(position)); return; }
        var upTo = _feed.Count > 0 ? _feed.Peek().SequenceNr - 1 : _newest;
        _parts.Journal(Context.System)
            .CurrentEventsByPersistenceId(_parts.Ledger, position + 1,
                Math.Min(upTo, position + BatchMax))
            .Select(e => new NumberedEvent(e.SequenceNr, (ILedgerEvent)e.Event))
            .RunWith(Sink.Seq<NumberedEvent>(), Context.Materializer())
            .PipeTo(Self, success: events => new Replayed(replay, [.. events]));
    }

    private ImmutableArray<NumberedEvent> TakeFromFeed(long position)
    {
        var batch = ImmutableArray.CreateBuilder<NumberedEvent>();
        while (batch.Count < BatchMax && _feed.TryPeek(out var e) && e.SequenceNr == position + 1 + batch.Count)
            batch.Add(_feed.Dequeue());
        return batch.ToImmutable();
    }

    private void Write(ImmutableArray<NumberedEvent> events)
    {
        if (events.IsEmpty)
            throw new InvalidOperationException($"ledger {_partition}: the journal has a gap after {_position}");
        var replay = _replay;
        // A failed write loses its part of the feed; the journal still has it.
        _parts.Project(_partition, events, _stopping.Token)
            .PipeTo(Self, success: () => new Stored(replay, events[^1].SequenceNr));
    }

    /// <summary>What was asked for in the <paramref name="Replay"/>-th reading of the journal.</summary>
    private abstract record Answer(int Replay);

    private sealed record Position(int Replay, long At) : Answer(Replay);

    private sealed record Stored(int Replay, long UpTo) : Answer(Replay);

    private sealed record Replayed(int Replay, ImmutableArray<NumberedEvent> Events) : Answer(Replay);

    private sealed record Again { public static Again Instance { get; } = new(); }
}
