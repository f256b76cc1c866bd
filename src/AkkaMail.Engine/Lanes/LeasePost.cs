using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Lanes;

/// <summary>
/// The leases of one shard on their way to one node. Those it asked for together wait for each other; one that nobody
/// asked for takes from the node what another has by now, and waits for a moment only.
/// </summary>
internal sealed class LeasePost : UntypedActor, IWithTimers
{
    /// <summary>A governor that has something to store, or reads its journal first, answers later than others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>What one node asks at once changes many leases of others, each told by its governor.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<LimitKey> _awaited = [];
    private readonly List<Lease> _leases = [];
    private IActorRef _node = ActorRefs.Nobody;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props() => Akka.Actor.Props.Create(() => new LeasePost());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Await m: Begin(m); break;
            case Lease m: Take(m); break;
            case Flush { IsPatienceOver: var isOver }:
                // A governor that has gone answers nobody: the others do not wait for it again.
                if (isOver && _leases.Count > 0) _awaited.Clear();
                Send();
                break;
            default: Unhandled(message); break;
        }
    }

    private void Begin(Await asked)
    {
        _node = asked.Node;
        _awaited.UnionWith(asked.Limits);
        if (_awaited.Count > 1) WaitForOthers();
    }

    private void Take(Lease lease)
    {
        _leases.Add(lease);
        var isAwaited = _awaited.Remove(lease.Limit);
        if (isAwaited && _awaited.Count == 0) Send();
        else if (isAwaited && !Timers.IsTimerActive(nameof(Patience))) WaitForOthers();
        else if (!isAwaited && !Timers.IsTimerActive(nameof(Moment)))
            Timers.StartSingleTimer(nameof(Moment), Flush.Instance, Moment);
    }

    private void WaitForOthers() => Timers.StartSingleTimer(nameof(Patience), Flush.Patient, Patience);

    private void Send()
    {
        Timers.Cancel(nameof(Moment));
        if (_awaited.Count == 0) Timers.Cancel(nameof(Patience));
        foreach (var letter in LeaseLetters.Of(_leases)) _node.Tell(letter);
        _leases.Clear();
    }

    /// <summary>The node, and what it asks for.</summary>
    internal sealed record Await(ImmutableArray<LimitKey> Limits, IActorRef Node);

    private sealed record Flush(bool IsPatienceOver)
    {
        public static Flush Instance { get; } = new(false);
        public static Flush Patient { get; } = new(true);
    }
}
