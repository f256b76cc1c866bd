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
/// twice; where the feed does not join on (a new generation, a restored file, a long pause) the journal is read instead.
/// A reactor that looks at messages is never brought further than the projection <c>messages</c> is.
/// </summary>
public sealed class FollowerActor : UntypedActor, IWithTimers
{
    /// <summary>At most so many events a transaction.</summary>
    public const int BatchMax = 1_000;

    /// <summary>
    /// At most so much that follows from them, but one event at least: one of 500 mails to 1,000 each is half a million.
    /// </summary>
    public const int FactsMax = 65_536;

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

    /// <summary>
    /// A projection that has nothing to do looks so often whether its store still has what it was given: one that was
    /// restored, or has lost its last commits, would lack them until the ledger stores more.
    /// </summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(60);

    private readonly int _partition;
    private readonly Reactor? _reactor;
    private readonly Queue<NumberedEvent> _feed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorSystem _system = Context.System;
    private FollowerParts _parts;
    private IMaterializer? _materializer;
    private CancellationTokenSource? _building;
    private long? _place;
    private long _newest, _noted, _projected;
    private DateTimeOffset? _lacks = DateTimeOffset.MinValue;
    private bool _busy, _resting;

    public FollowerActor(int partition, FollowerParts parts) =>
        (_partition, _parts, _reactor) = (partition, parts, parts.Reader as Reactor);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(int partition, FollowerParts parts) =>
        Akka.Actor.Props.Create(() => new FollowerActor(partition, parts));

    protected override void PreStart()
    {
        if (_reactor is null) Timers.StartPeriodicTimer("look", Look.Instance, LookEvery);
        AskPlace();
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        EndBuilding();
        _parts.Metrics.Forget(_parts.Reader.Name, Generation, _partition);
    }

    /// <summary>Up to where there is something for this reader.</summary>
    private long Reachable => _reactor is { LooksAtMessages: true } ? Math.Min(_newest, _projected) : _newest;

    /// <summary>0: it is no projection.</summary>
    private int Generation => (_parts.Reader as Projection)?.Generation ?? 0;

    /// <summary>Answers are read from it.</summary>
    private bool IsRead => _parts.Reader is Projection { Throttle: null };

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Committed c:
                foreach (var e in c.Events) _feed.Enqueue(e);
                while (_feed.Count > FeedMax) _feed.Dequeue();
                _newest = Math.Max(_newest, c.Newest);
                if (_place is not null && c.Events is [var first, ..]) _lacks ??= first.Event.At;
                Go();
                break;
            case Projected p:
                _projected = p.UpTo;   // It may go back, by a little: another generation is read.
                Go();
                break;
            case FollowAs f:
                _parts = _parts with { Reader = f.Projection };
                if (IsRead) EndBuilding();   // A page that waits for its turn would wait for this very reader.
                break;
            case Place p:
                (_busy, _place, _noted) = (false, p.At, p.At);
                _lacks = LacksFrom(p.At, DateTimeOffset.MinValue);
                Tell(p.At);
                Go();
                break;
            case Stored s:
                _place = s.UpTo;
                if (s.IsNoted) _noted = s.UpTo;
                _lacks = LacksFrom(s.UpTo, s.At);
                Tell(s.UpTo);
                if (Reachable - s.UpTo >= BatchMax / 2) { _busy = false; Go(); }
                else Wait(Rest);
                break;
            case Read r:
                Take(r.Events);
                break;
            case Status.Failure { Cause: OperationCanceledException } when IsRead && _building is null:   // A build, ended.
                (_busy, _place) = (false, null);
                Go();
                break;
            case Status.Failure f:
                _log.Warning(f.Cause, "{0} waits in ledger {1}", _parts.Reader.Name, _partition);
                _place = null;   // The write may have been stored all the same: ask it anew.
                Wait(TimeSpan.FromSeconds(1));
                break;
            case Look:
                if (!_busy) AskPlace();
                return;
            case Again:
                if (!_resting) break;
                (_resting, _busy) = (false, false);
                Go();
                break;
            default: Unhandled(message); break;
        }
        _parts.Metrics.Reached(_parts.Reader.Name, Generation, new(_partition, _place ?? _noted, _newest, _lacks));
    }

    /// <summary>What it lacks was recorded then or later: the next of the feed, or what stands behind the last it had.</summary>
    private DateTimeOffset? LacksFrom(long place, DateTimeOffset last)
    {
        PassOver(place);
        return place >= _newest ? null : _feed.TryPeek(out var next) && next.SequenceNr == place + 1 ? next.Event.At : last;
    }

    /// <summary>What it has already been fed.</summary>
    private void PassOver(long place)
    {
        while (_feed.TryPeek(out var old) && old.SequenceNr <= place) _feed.Dequeue();
    }

    private void EndBuilding()
    {
        _building?.Cancel();
        _building?.Dispose();
        _building = null;
    }

    private void Tell(long upTo) =>
        Context.Parent.Tell(_reactor is null ? new Projected(Generation, upTo) : new Followed(_reactor.Name, upTo));

    private void Wait(TimeSpan pause)
    {
        _resting = true;
        Timers.StartSingleTimer("again", Again.Instance, pause);
    }

    private void AskPlace()
    {
        _busy = true;
        _parts.Reader.PlaceOf(_partition, _stopping.Token).PipeTo(Self, success: at => new Place(at));
    }

    private void Go()
    {
        if (_busy) return;
        if (_place is not { } place) { AskPlace(); return; }
        PassOver(place);
        if (Reachable <= place) return;

        _busy = true;
        if (_feed.TryPeek(out var next) && next.SequenceNr == place + 1) { Take(TakeFromFeed(place)); return; }
        var upTo = Math.Min(Reachable, _feed.Count > 0 ? _feed.Peek().SequenceNr - 1 : _newest);
        _materializer ??= Context.Materializer();
        upTo = Math.Min(upTo, place + BatchMax);
        if (_parts.Reader is Projection { Throttle: { } share } beside)
        {
            _building ??= CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            Build(beside, share, place, upTo, _building.Token).PipeTo(Self);
        }
        else
            ReadJournal(place, upTo).PipeTo(Self, success: events => new Read(events));
    }

    private async Task<ImmutableArray<NumberedEvent>> ReadJournal(long place, long upTo)
    {
        var facts = 0;
        var events = await _parts.Journal(_system).CurrentEventsByPersistenceId(_parts.Ledger, place + 1, upTo)
            .Select(e => new NumberedEvent(e.SequenceNr, (ILedgerEvent)e.Event))
            .TakeWhile(e => (facts += e.Event.Touched().Count()) <= FactsMax, inclusive: true)
            .RunWith(Sink.Seq<NumberedEvent>(), _materializer);
        return [.. events];
    }

    /// <summary>A page of a generation that nobody reads yet, when it is its turn.</summary>
    private async Task<Stored> Build(Projection beside, double share, long place, long upTo, CancellationToken cancel)
    {
        using var turn = await _parts.Builds.Begin(beside, share, cancel);
        var events = await ReadJournal(place, upTo);
        if (events.IsEmpty) throw GapAfter(place);
        await beside.Follow(_partition, events, cancel);
        turn.Brought(events.Length, events.Sum(e => e.Event.Touched().Count()));
        return new(events[^1].SequenceNr, events[^1].Event.At, IsNoted: true);
    }

    private static InvalidOperationException GapAfter(long? place) => new($"the journal has a gap after {place}");

    private ImmutableArray<NumberedEvent> TakeFromFeed(long place)
    {
        var batch = ImmutableArray.CreateBuilder<NumberedEvent>();
        for (var facts = 0; facts < FactsMax && batch.Count < BatchMax && _feed.TryPeek(out var e)
            && e.SequenceNr == place + 1 + batch.Count && e.SequenceNr <= Reachable; facts += e.Event.Touched().Count())
            batch.Add(_feed.Dequeue());
        return batch.ToImmutable();
    }

    private void Take(ImmutableArray<NumberedEvent> events)
    {
        if (events.IsEmpty)
        {
            // Not thrown: a new life would know nothing of what is new until the ledger stores more.
            Self.Tell(new Status.Failure(GapAfter(_place)));
            return;
        }
        _lacks = events[0].Event.At;
        var last = events[^1];
        if (_reactor is not null && last.SequenceNr - _noted < NoteEvery && !events.Any(e => _reactor.Concerns(e.Event)))
        {
            Self.Tell(new Stored(last.SequenceNr, last.Event.At, IsNoted: false));
            return;
        }
        // A failed write loses its part of the feed; the journal still has it.
        _parts.Reader.Follow(_partition, events, _stopping.Token)
            .PipeTo(Self, success: () => new Stored(last.SequenceNr, last.Event.At, IsNoted: true));
    }

    private sealed record Place(long At);

    private sealed record Stored(long UpTo, DateTimeOffset At, bool IsNoted);

    private sealed record Read(ImmutableArray<NumberedEvent> Events);

    internal sealed record Look { public static Look Instance { get; } = new(); }

    private sealed record Again { public static Again Instance { get; } = new(); }
}
