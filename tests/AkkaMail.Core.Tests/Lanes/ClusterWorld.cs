using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Tests.Lanes;

/// <summary>
/// One lane's rate divided among nodes in virtual time: the real <see cref="Sharing"/> and budgets, messages that take
/// their time, leases that get lost. A mail ends at once: connections are not what is looked at here.
/// </summary>
internal sealed class ClusterWorld(double limit, int seed, double lost)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly LimitKey Lane = new LimitKey.Lane(new("ip1", "site"));

    private readonly Random _chance = new(seed);
    private Sharing? _sharing = new();
    private readonly List<Node> _nodes = [];
    private readonly PriorityQueue<Action, DateTimeOffset> _underWay = new();
    private readonly List<int> _begun = [];
    private DateTimeOffset _now = Start;
    private long _serial;

    internal sealed class Node(string name)
    {
        public string Name { get; } = name;
        public Budget Budget { get; } = new(Lane);
        public DateTimeOffset AskAt { get; set; } = DateTimeOffset.MinValue;
        public DateTimeOffset? DiedAt { get; set; }
        public bool IsAlive => DiedAt is null;

        /// <summary>It sends mail, but no message of ours gets to it or from it.</summary>
        public bool IsCutOff { get; set; }

        /// <summary>Mail that comes, a second.</summary>
        public double Demand { get; set; }
        public double Waiting { get; set; }
        public int Sent { get; set; }
    }

    public double Seconds => (_now - Start).TotalSeconds;

    /// <summary>Begun in each tick by all nodes.</summary>
    public IReadOnlyList<int> Begun => _begun;

    /// <summary>What a cluster needs to agree that a node is gone.</summary>
    private static readonly TimeSpan UntilKnown = TimeSpan.FromSeconds(8);

    public void Kill(Node node) => node.DiedAt = _now;

    /// <summary>A refused connection proves it, and gossip tells it.</summary>
    private static readonly TimeSpan UntilProven = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The governor dies with it, and begins elsewhere after <paramref name="seconds"/>; the others inherit before.
    /// </summary>
    public void KillWithGovernor(Node node, double seconds)
    {
        (node.DiedAt, _sharing) = (_now, null);
        _underWay.Enqueue(() =>
        {
            foreach (var other in _nodes.Where(n => n.IsAlive)) other.Budget.Inherit(node.Name, other.Name);
        }, _now + UntilProven);
        // What the others asked meanwhile has waited in their shard regions.
        _underWay.Enqueue(() =>
        {
            _sharing = new();
            foreach (var other in _nodes.Where(n => n.IsAlive)) other.AskAt = _now;
        }, _now.AddSeconds(seconds));
    }

    public Node Join(double demand)
    {
        _nodes.Add(new($"node-{_nodes.Count}") { Demand = demand });
        return _nodes[^1];
    }

    public ClusterWorld For(double seconds, Action? eachSecond = null)
    {
        for (var end = _now.AddSeconds(seconds); _now < end; _now += Tick)
        {
            if (_now.Millisecond == 0) eachSecond?.Invoke();
            while (_underWay.TryPeek(out var arrive, out var at) && at <= _now)
            {
                _underWay.Dequeue();
                arrive();
            }
            _begun.Add(_nodes.Where(n => n.IsAlive).Sum(Send));
            foreach (var dead in _nodes.Where(n => n.DiedAt + UntilKnown == _now)) _sharing?.Leave(dead.Name);
            foreach (var node in _nodes.Where(n => n.IsAlive && n.AskAt <= _now)) Ask(node);
        }
        return this;
    }

    /// <summary>All that was begun in the <paramref name="seconds"/> from <paramref name="from"/> on.</summary>
    public int Over(double from, double seconds) =>
        _begun.Skip((int)(from / Tick.TotalSeconds)).Take((int)(seconds / Tick.TotalSeconds)).Sum();

    /// <summary>The most that was begun in any such time.</summary>
    public int MostIn(double seconds)
    {
        var length = (int)(seconds / Tick.TotalSeconds);
        var sum = _begun.Take(length).Sum();
        var most = sum;
        for (var i = length; i < _begun.Count; i++) most = Math.Max(most, sum += _begun[i] - _begun[i - length]);
        return most;
    }

    private int Send(Node node)
    {
        node.Waiting += node.Demand * Tick.TotalSeconds;
        var sent = 0;
        for (; node.Waiting >= 1 && node.Budget.MayBegin(_now); sent++)
        {
            node.Waiting--;
            node.Budget.Begin(_now);
            node.Budget.End();
        }
        node.Sent += sent;
        return sent;
    }

    private void Ask(Node node)
    {
        node.AskAt = _now + Sharing.Renewal;
        if (node.IsCutOff) return;
        var demand = new Demand((int)node.Waiting, Math.Min((int)node.Waiting, 100));
        Later(() =>
        {
            if (_sharing is not { } governor) return;
            if (!governor.Nodes.Any()) _underWay.Enqueue(() => Share(governor), _now + Sharing.Handover * 1.1);
            governor.Ask(node.Name, demand, _now, node.Budget.Held(_now));
            var changed = governor.Divide(limit, 100, _now, _nodes.Count(n => n.IsAlive));
            var all = governor.HasMoved;
            if (all) governor.AllKnow();
            foreach (var to in _nodes.Where(n => n == node || all || changed.Contains(n.Name)))
                if (governor.Nodes.Contains(to.Name)) Grant(governor, to);
        });
    }

    /// <summary>Anew, with a word to all.</summary>
    private void Share(Sharing governor)
    {
        governor.Divide(limit, 100, _now, _nodes.Count(n => n.IsAlive));
        governor.AllKnow();
        foreach (var to in _nodes.Where(n => governor.Nodes.Contains(n.Name))) Grant(governor, to);
    }

    private void Grant(Sharing governor, Node to)
    {
        var share = governor.Of(to.Name);
        var lease = new Lease(Lane, ++_serial, share.Rate, Rate.DefaultBurst(share.Rate ?? 0), share.Connections,
            _now + Sharing.LeaseTime, null, default,
            new(_now, "v1", limit, 100, Pace.Free, [], null, 80, Standing.Good, null))
        { Shares = governor.Shares };
        if (_chance.NextDouble() >= lost && !to.IsCutOff) Later(() => to.Budget.Take(lease, _now));
    }

    private void Later(Action what) => _underWay.Enqueue(what, _now.AddMilliseconds(_chance.Next(1, 20)));
}
