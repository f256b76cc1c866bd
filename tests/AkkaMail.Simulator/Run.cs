using System.Collections.Immutable;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Simulator;

/// <summary>
/// A lane against a simulated receiver in virtual time: the real governor, the real sharing and the real budgets of its
/// nodes, and nothing that waits. Mail is always there (<paramref name="backlog"/> of it in all).
/// </summary>
public sealed class Run(SimulatedReceiver receiver, LaneTerms terms, int nodes = 1, long backlog = long.MaxValue)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>What was put off comes again; a greylisted recipient is known then.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(15);

    /// <summary>How long who gets no answer waits for one.</summary>
    internal static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(30);

    /// <summary>How connections are kept and opened: as shipped.</summary>
    internal static LaneLimits Limits { get; } = LaneLimits.Of(ShapingReader.Shipped, "ip1", "receiver.test");

    private static readonly TimeSpan ReportSoon = TimeSpan.FromMilliseconds(100);

    private readonly List<Node> _nodes =
        [.. Enumerable.Range(0, nodes).Select(n => new Node($"node-{n}", terms.Limit, receiver))];
    private readonly PriorityQueue<Sent, DateTimeOffset> _answers = new();
    private readonly PriorityQueue<ulong, DateTimeOffset> _later = new();
    private readonly Sharing _sharing = new();
    private readonly List<Second> _seconds = [];
    private long _serial;
    private ulong _number;

    /// <summary>Mail nobody has taken yet; what is under way is not among it.</summary>
    private long Left => backlog - (long)_number + _later.Count;

    private bool IsDue => (long)_number < backlog || _later.TryPeek(out _, out var due) && due <= Now;

    public Governor Governor { get; private set; } = new(terms.Limit);
    public DateTimeOffset Now { get; private set; } = Start;
    public List<IGovernorEvent> Events { get; } = [];
    public IReadOnlyList<Second> Seconds => _seconds;
    public LaneTerms Terms { get; set; } = terms;

    /// <summary>Called after each second, e.g. to let a node die.</summary>
    public Action<Run>? EachSecond { get; set; }

    private sealed record Sent(Node Node, Connection Connection, Attempt Attempt, ulong Number, Answer Said);

    private sealed class Node(string name, LimitKey limit, SimulatedReceiver receiver)
    {
        public KeptConnections Kept { get; } = new(receiver, limit.Path.Source, Limits);
        public string Name { get; } = name;
        public Budget Budget { get; } = new(limit);
        public LaneTally Tally { get; } = new();
        public DateTimeOffset AskAt { get; set; } = Start;
        public bool IsAlive { get; set; } = true;
    }

    public void Kill(int node) => _nodes[node].IsAlive = false;

    public void Join() => _nodes.Add(new($"node-{_nodes.Count}", Terms.Limit, receiver) { AskAt = Now });

    /// <summary>The governor dies and comes back from its journal.</summary>
    public void RestartGovernor()
    {
        Governor = new(Terms.Limit);
        foreach (var e in Events) Governor.Apply(e);
    }

    public Run For(TimeSpan time)
    {
        var end = Now + time;
        while (Now < end)
        {
            var second = (int)(Now - Start).TotalSeconds;
            while (_seconds.Count <= second) _seconds.Add(default);
            Answers();
            foreach (var node in _nodes.Where(n => n.IsAlive)) Send(node, second);
            foreach (var node in _nodes.Where(n => n.IsAlive && n.AskAt <= Now)) Ask(node);
            Now += Tick;
            if (Now.Millisecond == 0) EachSecond?.Invoke(this);
        }
        return this;
    }

    public Second Over(TimeSpan from, TimeSpan to) => _seconds.Skip((int)from.TotalSeconds)
        .Take((int)(to - from).TotalSeconds).Aggregate(default(Second), (sum, s) => sum.Plus(s));

    private void Send(Node node, int second)
    {
        while (IsDue && node.Budget.MayBegin(Now) && node.Kept.Take(Now) is { } connection)
        {
            var (at, isRetry) = (Now - Start, _later.TryPeek(out var number, out var due) && due <= Now);
            if (!isRetry) number = _number + 1;
            if (node.Kept.Send(connection, at, number, _nodes.Sum(n => n.Budget.InUse + n.Kept.Idle)) is not { } said) continue;
            if (isRetry) _later.Dequeue();
            else _number++;
            node.Budget.Begin(Now);
            node.Tally.Began(node.Budget.InUse);
            var id = new AttemptId(new(SubmissionId.Create(0, Now, number), 0), 1);
            var latency = said.Reply is null ? GivesUpAfter : receiver.Latency();
            var attempt = new Attempt(
                id, Terms.Limit.Path.Site, said.Reply ?? SmtpReply.None("Timed out"), AttemptEnd.Answered, null, null, SmtpStep.RcptTo, null, Now, latency)
                .JudgedBy(BounceRulesReader.Shipped);
            _answers.Enqueue(new(node, connection, attempt, number, said), Now + latency);
            _seconds[second] = _seconds[second].Plus(Second.Of(said));
        }
    }

    private void Answers()
    {
        while (_answers.TryPeek(out var answer, out var at) && at <= Now)
        {
            _answers.Dequeue();
            answer.Node.Budget.End();
            answer.Node.Kept.Return(answer.Connection, answer.Said, Now);
            var c = answer.Attempt.Judged.Class;
            // As a ledger decides: a 5xx about us is no bounce.
            if (!answer.Attempt.Reply.IsAccepted && (!answer.Attempt.Reply.IsPermanent || c == ReplyClass.Blocked))
                _later.Enqueue(answer.Number, Now + RetryAfter);
            answer.Node.Tally.Add(answer.Attempt, "tenant", "broadcast", Now);
            // An objection does not wait for the next report.
            if (c is not ReplyClass.Accepted && answer.Node.AskAt > Now + ReportSoon) answer.Node.AskAt = Now + ReportSoon;
        }
    }

    private void Ask(Node node)
    {
        Events.AddRange(Governor.Observe(
            node.Tally.Drain(node.Budget.InUse, (int)Math.Min(Left, 1_000_000)), Terms, Now, node.Name));
        Events.AddRange(Governor.PassTime(Terms, Now));
        long? quota = null;
        if (Terms.WarmUp is not null)
        {
            var (granted, events) = Governor.Grant(Math.Min(Left, 1_000_000) - node.Budget.QuotaLeft(Now), Terms, Now);
            Events.AddRange(events);
            quota = Governor.WarmUp is null ? null : granted;
        }
        _sharing.Ask(node.Name, new((int)Math.Min(Left, 100_000), 100), Now);
        var at = Governor.At(Terms, Now);
        var changed = _sharing.Divide(at.Rate, at.Connections, Now, isAsking: !at.IsOpen);
        foreach (var other in _nodes.Where(n => n.IsAlive && (n == node || changed.Contains(n.Name))))
        {
            var share = _sharing.Of(other.Name);
            other.Budget.Take(new(Terms.Limit, ++_serial, share.Rate, Rate.DefaultBurst(share.Rate ?? 1000), share.Connections,
                Now + Sharing.LeaseTime, other == node ? quota : quota is null ? null : 0,
                Governor.WarmUp?.EndOfPeriod(Now) ?? default, at), Now);
        }
        node.AskAt = Now + Sharing.Renewal;
    }
}
