using System.Globalization;
using Akka.Actor;
using AkkaMail.Core.Alerts;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Are all ledgers awake? Answered with <see cref="AllAwake"/>.</summary>
public sealed record AskAllAwake { public static AskAllAwake Instance { get; } = new(); }

public sealed record AllAwake(bool Yes);

/// <summary>
/// One in the cluster: wakes every ledger at start and again and again, so that each is alive somewhere. A ledger whose
/// node has died has nobody who remembers it: it lives again by the next word. One that answers none is an alert.
/// </summary>
public sealed class WakerActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(250), TellEvery = TimeSpan.FromSeconds(10);
    private readonly IActorRef _ledgers;
    private readonly int _count;
    private readonly TimeSpan _every;
    private readonly EngineMetrics? _metrics;
    private readonly IActorRef? _alerts;
    private readonly Dictionary<int, TimeSpan> _awake = [];

    /// <summary>Those whose silence the alerts know, or may know from an earlier life of this actor.</summary>
    private readonly HashSet<int> _told;
    private readonly TimeProvider _time;
    private readonly TimeSpan _began;
    private TimeSpan _lastTold;

    public WakerActor(
        IActorRef ledgers, int count, TimeSpan every, EngineMetrics? metrics, IActorRef? alerts, TimeProvider time)
    {
        (_ledgers, _count, _every, _metrics, _alerts, _time) = (ledgers, count, every, metrics, alerts, time);
        _began = _lastTold = Now;
        _told = [.. Enumerable.Range(0, count)];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="alerts">Hear of each ledger that is silent for longer than any move or recovery takes.</param>
    public static Props Props(
        IActorRef ledgers, int count, TimeSpan every, EngineMetrics? metrics = null, IActorRef? alerts = null,
        TimeProvider? time = null) =>
        Akka.Actor.Props.Create(() => new WakerActor(ledgers, count, every, metrics, alerts, time ?? TimeProvider.System));

    protected override void PreStart() => WakeAll();

    protected override void PostStop() => _metrics?.Asleep(null);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Awake a: _awake[a.Partition] = Now; break;
            case AskAllAwake: Sender.Tell(new AllAwake(Answered(Of) == _count)); break;
            case Again: WakeAll(); break;
            default: Unhandled(message); break;
        }
    }

    private void WakeAll()
    {
        // A word to a ledger that has been handed over waits for its next home, and there may be none.
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is not null) return;
        _metrics?.Asleep(_count - Answered(Of));
        for (var i = 0; i < _count; i++) _ledgers.Tell(new ToLedger(i, Wake.Instance));
        TellSilence();
        Timers.StartSingleTimer("again", Again.Instance, _every < Eager || Answered(_every * 1.2) == _count ? _every : Eager);
    }

    /// <summary>Those that are silent, and once each that is so no more.</summary>
    private void TellSilence()
    {
        if (_alerts is null || Now - _lastTold < TellEvery) return;
        _lastTold = Now;
        var readings = new List<AlertReading>();
        for (var i = 0; i < _count; i++)
        {
            var silence = Now - (_awake.TryGetValue(i, out var at) ? at : _began);
            if (silence >= TellEvery) _told.Add(i);
            else if (!_awake.ContainsKey(i) || !_told.Remove(i)) continue;
            var isOver = silence < TellEvery;
            readings.Add(new(AlertRule.Silence, new(AlertKind.Ledger, null, i.ToString(CultureInfo.InvariantCulture)),
                isOver ? 0 : silence.TotalSeconds, 0, isOver ? null : "it takes and sends nothing: the log of the nodes says why"));
        }
        foreach (var some in readings.Chunk(ReadFigures.ReadingsMax)) _alerts.Tell(new ReadFigures([.. some]));
    }

    /// <summary>What counts as an answer: a ledger that moves is silent for a moment.</summary>
    private TimeSpan Of => _every * 2.5;

    private int Answered(TimeSpan ago) => _awake.Values.Count(at => Now - at < ago);

    /// <summary>A clock that is set forward must not put the ledgers to sleep, and one that is set back wake none.</summary>
    private TimeSpan Now => _time.GetElapsedTime(0);

    private sealed record Again { public static Again Instance { get; } = new(); }
}
