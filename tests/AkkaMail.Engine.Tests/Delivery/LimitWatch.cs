using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Leases;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tests.Delivery;

/// <summary>
/// Counts what begins and ends against each limit by itself, and fails at the first message that no lease covers: one
/// too many on the wire, one too many in any second, or one that has been sent before.
/// </summary>
internal sealed class LimitWatch
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly QueueWorld _world;
    private readonly Dictionary<LimitKey, List<(DateTimeOffset At, Lease Lease)>> _leases = [];
    private readonly Dictionary<LimitKey, Queue<DateTimeOffset>> _begun = [];
    private readonly Dictionary<LimitKey, int> _inUse = [];
    private readonly Dictionary<AttemptId, LimitKey[]> _running = [];
    private readonly HashSet<AttemptId> _sent = [];

    public LimitWatch(QueueWorld world)
    {
        _world = world;
        world.Begun = Begun;
        world.Ended = Ended;
        world.Leases = lease => Of(_leases, lease.Limit).Add((world.Now, lease));
        world.Hears = word =>
        {
            // It has given the limit back: what it takes of it later is another part.
            if (word.Message is not LeaveLane) return;
            _leases.Remove(word.Limit);
            _begun.Remove(word.Limit);
        };
    }

    public void EachHasOneEnd(QueueWorld world)
    {
        Assert.Equal(world.Handed.Count, world.Results.Count);
        Assert.Equal(world.Handed, world.Results.Select(r => r.Id).ToHashSet());
        Assert.Empty(world.Queues.Here);
    }

    private void Begun(Lane lane, DueMessage message)
    {
        Assert.True(_sent.Add(message.Attempt), $"{message.Attempt} was sent twice");
        var keys = LimitsOf(lane.Key, message.Queue.Tenant);
        _running.Add(message.Attempt, keys);
        foreach (var key in keys)
        {
            var leases = Of(_leases, key);
            Assert.True(leases.Count > 0, $"{key} has no lease");
            var inUse = _inUse[key] = _inUse.GetValueOrDefault(key) + 1;
            Assert.True(inUse <= ConnectionsOf(leases[^1].Lease), $"{inUse} on the wire of {key}: {leases[^1]}");
            var begun = Of(_begun, key);
            begun.Enqueue(_world.Now);
            while (begun.Peek() <= _world.Now - Second) begun.Dequeue();
            var most = MostWithin(leases, _world.Now - Second, _world.Now) + 1;   // One may have been late (Gcra).
            Assert.True(begun.Count <= most, $"{begun.Count} in a second of {key}, which has {most}");
        }
    }

    private void Ended(AttemptId attempt)
    {
        if (!_running.Remove(attempt, out var keys)) return;   // It has not begun.
        foreach (var key in keys) _inUse[key]--;
    }

    private LimitKey[] LimitsOf(LaneKey lane, string tenant) =>
    [
        new LimitKey.Lane(lane),
        .. _world.Rules.Providers.Where(p => p.Name == lane.Site).Select(p => new LimitKey.ProviderTotal(p.Name)),
        .. _world.Rules.Tenants.Keys.Where(t => t == tenant).Select(t => new LimitKey.TenantTotal(t)),
    ];

    private int ConnectionsOf(Lease lease) => _world.Now - Budget.Grace < lease.Until
        ? lease.Connections : Math.Max(1, lease.Connections / 10);

    /// <summary>What an even pace with its burst lets begin: at the highest rate that held at any time of it.</summary>
    private static double MostWithin(
        List<(DateTimeOffset At, Lease Lease)> leases, DateTimeOffset from, DateTimeOffset to)
    {
        leases.RemoveRange(0, Math.Max(0, leases.FindLastIndex(l => l.At <= from)));
        // A rate changes with a lease, or when that has been over for long.
        return leases.Max(l => Math.Max(Most(l.Lease, l.At < from ? from : l.At), Most(l.Lease, to)));
    }

    private static double Most(Lease lease, DateTimeOffset at) => Budget.Rate(lease, at) switch
    {
        null => double.PositiveInfinity,
        0 => 0,
        { } rate => Math.Floor(lease.Burst + rate),
    };

    private static T Of<T>(Dictionary<LimitKey, T> all, LimitKey key) where T : new()
    {
        if (!all.TryGetValue(key, out var list)) all.Add(key, list = new());
        return list;
    }
}
