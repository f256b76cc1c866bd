using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Rules;

namespace AkkaMail.Simulator;

/// <summary>
/// One node by a <see cref="FixedPolicy"/> against a simulated receiver, in the time and with the mail of
/// <see cref="Run"/>. It reacts at once, which is more than a daemon beside the sender can.
/// </summary>
public sealed class FixedRun(SimulatedReceiver receiver, FixedPolicy policy, LaneTerms terms)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<(ulong Number, Connection Connection, Answer Said), DateTimeOffset> _answers = new();
    private readonly PriorityQueue<ulong, DateTimeOffset> _later = new();
    private readonly Queue<DateTimeOffset> _objections = new();
    private readonly List<Second> _seconds = [];
    private readonly KeptConnections _kept = new(receiver, terms.Limit.Path.Source, Run.Limits);
    private Gcra _pace;
    private ulong _number;
    private DateTimeOffset _now = Run.Start, _heldUntil;

    public FixedRun For(TimeSpan time)
    {
        for (var end = _now + time; _now < end; _now += Tick)
        {
            var second = (int)(_now - Run.Start).TotalSeconds;
            while (_seconds.Count <= second) _seconds.Add(default);
            Answers();
            while (_answers.Count < terms.Connections && MayBegin() && _kept.Take(_now) is { } connection)
                Send(connection, second);
        }
        return this;
    }

    public IReadOnlyList<Second> Seconds => _seconds;

    private bool IsHeld => _now < _heldUntil;

    private bool MayBegin() => !(IsHeld && policy.Limit is null)
        && _pace.Wait(PerSecond, IsHeld ? 1 : Rate.DefaultBurst(PerSecond), _now) == TimeSpan.Zero;

    private double PerSecond => IsHeld && policy.Limit is { } limit ? limit.PerSecond : terms.RatePerSecond ?? 1_000;

    private void Send(Connection connection, int second)
    {
        var isRetry = _later.TryPeek(out var number, out var due) && due <= _now;
        if (!isRetry) number = _number + 1;
        if (_kept.Send(connection, _now - Run.Start, number, _answers.Count + _kept.Idle) is not { } said) return;
        if (isRetry) _later.Dequeue();
        else _number++;
        _pace.Take(PerSecond, _now);
        _seconds[second] = _seconds[second].Plus(Second.Of(said));
        _answers.Enqueue((number, connection, said), _now + (said.Reply is null ? Run.GivesUpAfter : receiver.Latency()));
    }

    private void Answers()
    {
        while (_answers.TryPeek(out var answer, out var at) && at <= _now)
        {
            _answers.Dequeue();
            _kept.Return(answer.Connection, answer.Said, _now);
            var reply = answer.Said.Reply;
            if (reply is null or { Code: >= 400 and < 500 })
                _later.Enqueue(answer.Number, _now + Run.RetryAfter);
            if (reply is not { Code: 421 or 451 } || IsHeld && policy.Limit is null) continue;
            _objections.Enqueue(_now);
            while (_objections.Peek() <= _now - policy.Threshold.Per) _objections.Dequeue();
            if (_objections.Count < policy.Threshold.Count) continue;
            _objections.Clear();
            _heldUntil = _now + policy.For;
        }
    }
}
