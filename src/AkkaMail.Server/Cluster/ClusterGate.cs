using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using AkkaMail.Core.Cluster;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Data;
using AkkaMail.Server.History;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Storage.Cluster;
using Microsoft.Extensions.Options;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Cluster;

/// <summary>
/// Brings this node into the one cluster of its database (<see cref="Gate"/> decides), tells the table of nodes that it lives
/// for as long as it does, and ends it when there is no place for it. One node with files has nobody to look for.
/// </summary>
internal sealed class ClusterGate(
    DataDirectory data, IOptions<ClusterOptions> options, IEnumerable<RulesFile> rules, ClusterStanding standing,
    EngineMetrics metrics, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ClusterGate> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A founder that was held up for longer than this looks once more: it may have been taken for dead.</summary>
    private static readonly TimeSpan FoundingMax = SeenNode.Fresh / 2;

    /// <summary>Who is asked to be let in, and does not answer, is asked again.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    /// <summary>What an answer may take for its time to say anything about clocks.</summary>
    private static readonly TimeSpan ClockAnswerMax = TimeSpan.FromMilliseconds(250);

    /// <summary>For its fellows to hear that it is down.</summary>
    private static readonly TimeSpan GiveUpTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly NodeStore? _store = data.Stores is PostgresStores { Server: var server } ? new(server) : null;
    private Task _life = Task.CompletedTask;
    private Membership? _cluster;
    private Gate? _gate;
    private NodeSelf? _self;
    private (GateStep? Step, long At) _last;
    private TimeSpan? _skew;
    private int _members;
    private bool _wasIn;
    private DatabaseReach? _database;

    /// <summary>For whoever else looks after it.</summary>
    public DatabaseReach Database => _database ??= new(() => standing.Now.Fault is null, GiveUp);

    /// <summary>The actor system is there, in no cluster yet.</summary>
    public void Begin(ActorSystem system)
    {
        _cluster = Membership.Get(system);
        if (_store is null)
        {
            standing.Is(new(true, null, null, []));
            metrics.Cluster(up: 1, unreachable: 0, ahead: null);
            _cluster.Join(_cluster.SelfAddress);
            return;
        }
        var self = _cluster.SelfUniqueAddress;
        _gate = new(self.Address.ToString(), [.. options.Value.SeedAddresses], NodeHistory.Program);
        _self = new(self.Address.ToString(), self.Uid, NodeState.Joining)
        {
            Name = options.Value.Node,
            Version = NodeHistory.Program,
            StartedAt = time.GetUtcNow(),
        };
        lifetime.ApplicationStopping.Register(() => _ = Task.Run(Leaves, CancellationToken.None));
        _life = Task.Run(() => Live(_stopping.Token), CancellationToken.None);
    }

    private async Task Live(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var isIn = _cluster!.SelfMember.Status is MemberStatus.Up or MemberStatus.Leaving;
            if (_wasIn && !isIn) return;   // It has been downed, or has left: it is not let in again, the process ends.
            _wasIn |= isIn;
            try
            {
                if (isIn) Beat();
                else Look();
                LookAtClock();
            }
            catch (StoreException e)
            {
                _gate!.Lost();
                var now = standing.Now;
                standing.Is(now with { IsIn = isIn, Fault = e.Message });
            }
            catch (ObjectDisposedException) { return; }
            try { await Task.Delay(isIn && standing.Now.Fault is null ? SeenNode.Beat : LookEvery, time, cancel); }
            catch (OperationCanceledException) { return; }
        }
    }

    /// <summary>It is in no cluster yet.</summary>
    private void Look()
    {
        var self = Now(_self!.State);
        var (rows, _) = _store!.Beat(_ => self);
        var dead = DeadHere(rows);
        if (self.State == NodeState.Founding)
        {
            standing.Is(Seen(rows, isIn: false, "its own cluster to begin"));
            return;
        }
        var step = _gate!.Look(rows, dead, time.GetElapsedTime(0));
        standing.Is(Seen(rows, isIn: false, step switch
        {
            GateStep.Join join => $"being let in by {string.Join(", ", join.Addresses)}",
            GateStep.Wait wait => wait.For,
            _ => "its own cluster to begin",
        }));
        switch (step)
        {
            case GateStep.Join join when join != _last.Step as GateStep.Join || time.GetElapsedTime(_last.At) > AskAgain:
                if (_last.Step is not GateStep.Join) log.LogWarning("Joining {Nodes}", string.Join(", ", join.Addresses));
                _last = (join, time.GetTimestamp());
                _cluster!.JoinSeedNodes(join.Addresses.Select(Address.Parse));
                break;
            case GateStep.Found found:
                Found(self, found, dead);
                break;
            case GateStep.Wait wait:
                if (_last.Step is not GateStep.Wait) log.LogWarning("Waiting for {What}", wait.For);
                _last = (wait, time.GetTimestamp());
                break;
            case GateStep.Refuse refuse:
                End(refuse.Why);
                break;
        }
    }

    private void Found(NodeSelf self, GateStep.Found found, IReadOnlySet<string> dead)
    {
        var began = time.GetTimestamp();
        if (_store!.TryFound(self, found.Seen, dead) is not { } founding) return;
        if (time.GetElapsedTime(began) > FoundingMax) return;   // Its next look says that it only looks.
        _self = _self! with { State = NodeState.Founding, Founding = founding };
        log.LogWarning("Nobody else lives on this database: cluster {Number} begins here", founding);
        _cluster!.Join(_cluster.SelfAddress);
    }

    /// <summary>A sign of life of a member.</summary>
    private void Beat()
    {
        string? end = null;
        if (_self!.State != NodeState.Leaving) _self = _self with { State = NodeState.Member };
        var (rows, _) = _store!.Beat(rows =>
        {
            var own = rows.FirstOrDefault(r => r.Node.Address == _self.Address);
            var isOurs = own?.Node.Incarnation == _self.Incarnation;
            if (_self.Founding == 0) _self = _self with { Founding = FoundingOf(rows) };
            end = Gate.MustEnd(_self, isOurs ? own!.Silence : null, rows);
            if (own is { IsFresh: true } && !isOurs && own.Node.StartedAt > _self.StartedAt)
                end = $"another node says that it is {_self.Address}: Cluster:Host is a name of its own on each node";
            return end is null ? Now(_self.State) : null;
        });
        standing.Is(Seen(rows, isIn: true, null));
        if (end is not null) End(end);
        else Count();
    }

    /// <summary>Of those that are in the same cluster by its own word.</summary>
    private long FoundingOf(IReadOnlyList<SeenNode> rows)
    {
        var fellows = _cluster!.State.Members.Select(m => m.Address.ToString()).ToHashSet(StringComparer.Ordinal);
        return rows.Where(r => r.IsFresh && r.Node.Founding > 0 && fellows.Contains(r.Node.Address))
            .Select(r => r.Node.Founding).DefaultIfEmpty(0).Min();
    }

    private void Count()
    {
        var state = _cluster!.State;
        var members = state.Members.Count(m => m.Status == MemberStatus.Up);
        metrics.Cluster(members, state.Unreachable.Count, _skew);
        if (members == 2 && _members != 2)
            log.LogWarning("This cluster has two nodes: when the one with the lower address dies, the other cannot tell whether "
                + "it is only cut off, and ends itself. A third one makes the loss of any harmless");
        _members = members;
    }

    private void LookAtClock()
    {
        var (ahead, took) = _store!.Skew(time);
        if (took < ClockAnswerMax) _skew = ahead;
    }

    private NodeSelf Now(NodeState state) => _self! with
    {
        State = state,
        Skew = _skew,
        Rules = string.Join(", ", rules.Select(r => $"{r.Texts[^1].Kind.ToWord()}={r.Texts[^1].Version}").Order(StringComparer.Ordinal)),
    };

    private ClusterStanding.View Seen(IReadOnlyList<SeenNode> rows, bool isIn, string? waitsFor) =>
        new(isIn, waitsFor, null, [.. rows]) { Skew = _skew };

    /// <summary>
    /// Those of this very host that refuse connections: the system we run on says that they are gone, and no network stands
    /// between. So a server that was killed is back at once, and not after the watch.
    /// </summary>
    private HashSet<string> DeadHere(IReadOnlyList<SeenNode> rows)
    {
        var own = _cluster!.SelfAddress;
        return rows.Where(r => r.IsOfACluster && r.Node.Address != _self!.Address).Select(r => Address.Parse(r.Node.Address))
            .Where(a => a.Host == own.Host && Refuses(a) && Refuses(a)).Select(a => a.ToString()).ToHashSet(StringComparer.Ordinal);
    }

    private static bool Refuses(Address address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address.Host, address.Port ?? 0);
            return false;
        }
        catch (SocketException e) { return e.SocketErrorCode == SocketError.ConnectionRefused; }
    }

    /// <summary>An operator's word: this process ends as at SIGTERM.</summary>
    public void Leave(LeaveCluster order)
    {
        log.LogWarning("This node leaves, as {By} orders: {Reason}", order.By, order.Reason);
        lifetime.StopApplication();
    }

    /// <summary>
    /// At once, without the farewell of a node that leaves: whatever would still be done asks the database, and waits for it.
    /// </summary>
    private void GiveUp(string why)
    {
        log.LogCritical("This node ends: {Why}", why);
        _cluster!.Down(_cluster.SelfAddress);
        _ = Task.Run(async () =>
        {
            try { await _cluster.System.WhenTerminated.WaitAsync(GiveUpTime); }
            catch (TimeoutException) { }
            Environment.Exit(1);
        }, CancellationToken.None);
    }

    private void End(string why)
    {
        log.LogCritical("This node ends: {Why}", why);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private void Leaves()
    {
        if (_self!.State != NodeState.Member) return;
        _self = _self with { State = NodeState.Leaving };
        try { Beat(); }
        catch (Exception e) when (e is StoreException or ObjectDisposedException) { }   // Its end says so as well.
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the engine has left: who comes next need not wait for this one.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _life;
        if (_store is null) return;
        try { if (_self is { } self) _store.Remove(self.Address, self.Incarnation); }
        catch (StoreException e) { log.LogWarning("The end of this node is not in the table of nodes: {Reason}", e.Message); }
    }

    public void Dispose()
    {
        _store?.Dispose();
        _stopping.Dispose();
    }
}
