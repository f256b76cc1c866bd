using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Ledgers that an operator has sent to a node. The coordinator of the shards lives on one node and nobody knows which, so
/// each hears of the order and forgets it by itself.
/// </summary>
public sealed class LedgerMoves(TimeProvider time)
{
    /// <summary>A move that has not come about by then was in vain: its node is gone, or takes none.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (Address To, long At)> _ordered = new();

    public void Order(int ledger, Address to) => _ordered[Name(ledger)] = (to, time.GetTimestamp());

    /// <summary>Where it has been sent; null: nowhere, or long ago.</summary>
    internal Address? Of(string shard) =>
        _ordered.TryGetValue(shard, out var order) && time.GetElapsedTime(order.At) < Lasts ? order.To : null;

    /// <summary>Those that are ordered somewhere.</summary>
    internal IEnumerable<string> All => _ordered.Keys.Where(shard => Of(shard) is not null);

    internal void Done(string shard) => _ordered.TryRemove(shard, out _);

    private static string Name(int ledger) => ledger.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// Where ledgers live: each node has about as many, but for those that an operator has sent to one. These stay there until
/// nodes come or go and the others are evened out again.
/// </summary>
internal sealed class LedgerAllocation(LedgerMoves moves, Func<Address> own) : IActorSystemDependentAllocationStrategy
{
    /// <summary>A node that joins has its part after one round, not one shard each time.</summary>
    private const int AtOnceMax = 20;
    private const double ShareAtOnce = 0.3;

    private readonly IShardAllocationStrategy _evenly =
        ShardAllocationStrategy.LeastShardAllocationStrategy(AtOnceMax, ShareAtOnce);

    /// <summary>Sent here by order: evening out leaves them.</summary>
    private readonly HashSet<string> _sent = [];
    private int _regions;

    public void Start(ActorSystem system) => (_evenly as IActorSystemDependentAllocationStrategy)?.Start(system);

    public async Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        if (moves.Of(shardId) is { } to)
        {
            moves.Done(shardId);
            if (currentShardAllocations.Keys.FirstOrDefault(r => AddressOf(r) == to) is { } region)
            {
                lock (_sent) _sent.Add(shardId);
                return region;
            }
        }
        return await _evenly.AllocateShard(requester, shardId, currentShardAllocations);
    }

    public async Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var ordered = moves.All.Where(shard => !rebalanceInProgress.Contains(shard) && currentShardAllocations
            .Any(r => r.Value.Contains(shard) && AddressOf(r.Key) != moves.Of(shard))).ToImmutableHashSet();
        lock (_sent)
        {
            if (_regions != currentShardAllocations.Count) _sent.Clear();
            _regions = currentShardAllocations.Count;
        }
        var evened = await _evenly.Rebalance(currentShardAllocations, rebalanceInProgress);
        lock (_sent) return ordered.Union(evened.Where(shard => !_sent.Contains(shard)));
    }

    private Address AddressOf(IActorRef region) => region.Path.Address.HasLocalScope ? own() : region.Path.Address;
}
