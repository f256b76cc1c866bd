using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;

namespace AkkaMail.Simulator;

/// <summary>
/// One node by a <see cref="FixedPolicy"/> against a simulated receiver, in the time and with the mail of
/// <see cref="Run"/>. It reacts at once, which is more than a daemon beside the sender can.
/// </summary>
public sealed class FixedRun(SimulatedReceiver receiver, FixedPolicy policy, LaneTerms terms)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<(ulong Number, SmtpReply? Reply), DateTimeOffset> _answers = new();
    private readonly PriorityQueue<ulong, DateTimeOffset> _later = new();
    private readonly Queue<DateTimeOffset> _objections = new();
    private readonly List<Second> _seconds = [];
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
            while (_answers.Count < terms.Connections && MayBegin()) Send(second);
        }
        return this;
    }

    public IReadOnlyList<Second> Seconds => _seconds;

    private bool IsHeld => _now < _heldUntil;

    private bool MayBegin() => !(IsHeld && policy.Limit is null)
        && _pace.Wait(PerSecond, IsHeld ? 1 : Rate.DefaultBurst(PerSecond), _now) == TimeSpan.Zero;

    private double PerSecond => IsHeld && policy.Limit is { } limit ? limit.PerSecond : terms.RatePerSecond ?? 1_000;

    private void Send(int second)
    {
        _pace.Take(PerSecond, _now);
        var number = _later.TryPeek(out _, out var due) && due <= _now ? _later.Dequeue() : ++_number;
        var reply = receiver.Answer(_now - Run.Start, terms.Limit.Path.Source, number, _answers.Count + 1);
        _seconds[second] = _seconds[second].Plus(Second.Of(reply));
        _answers.Enqueue((number, reply), _now + (reply is null ? TimeSpan.FromSeconds(30) : receiver.Latency()));
    }

    private void Answers()
    {
        while (_answers.TryPeek(out var answer, out var at) && at <= _now)
        {
            _answers.Dequeue();
            if (answer.Reply is null or { Code: >= 400 and < 500 })
                _later.Enqueue(answer.Number, _now + Run.RetryAfter);
            if (answer.Reply is not { Code: 421 or 451 } || IsHeld && policy.Limit is null) continue;
            _objections.Enqueue(_now);
            while (_objections.Peek() <= _now - policy.Threshold.Per) _objections.Dequeue();
            if (_objections.Count < policy.Threshold.Count) continue;
            _objections.Clear();
            _heldUntil = _now + policy.For;
        }
    }
}
