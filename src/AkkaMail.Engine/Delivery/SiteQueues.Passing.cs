using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Mail of a pool whose sources are on several nodes: who hears of it from its ledger passes the word on, and each takes
/// its part by weight. What a node has not taken within five seconds the others may take as well: as on one node, a source
/// that cannot go on leaves it to those that can.
/// </summary>
internal sealed partial class SiteQueues
{
    /// <summary>A ledger repeats each 10 s what waits: of what it has not spoken for so long it has nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan ClaimAfter = TimeSpan.FromSeconds(5);

    private readonly PoolShares _shares = new();
    private readonly List<(string Node, QueueHasMail Word)> _passing = [];

    /// <summary>The nodes there are, by the names of the rules.</summary>
    public NodeNames Names { get; set; } = NodeNames.None;

    /// <summary>Nodes have come or gone, and their sources with them.</summary>
    public void NodesChanged(NodeNames names, DateTimeOffset now)
    {
        Names = names;
        Reshaped(now);
    }

    /// <summary>Words for other nodes by now; told once.</summary>
    public IReadOnlyList<(string Node, QueueHasMail Word)> Passing()
    {
        if (_passing.Count == 0) return [];
        var words = _passing.ToArray();
        _passing.Clear();
        return words;
    }

    /// <summary>Other nodes that may have this mail, or take it.</summary>
    public IEnumerable<string> Elsewhere(QueueKey queue) =>
        PlacesOf(shaping.PoolOf(queue.Tenant, queue.Stream)).Elsewhere.Keys;

    /// <summary>A ledger has mail for this site. Beyond the bounds nothing is lost: it says so again.</summary>
    public void HasMail(QueueHasMail word, string site, DateTimeOffset now)
    {
        if (_isDraining) return;
        var pool = shaping.PoolOf(word.Queue.Tenant, word.Queue.Stream);
        var places = PlacesOf(pool);
        if (word.Part is { } passed)
        {
            // Whoever passed it on may have had other rules, or known another node of that name.
            if (places.Bound > 0) Have(word, site, passed, now);
            return;
        }
        if (places.Elsewhere.IsEmpty) { Have(word, site, null, now); return; }
        var parts = _shares.Divide(pool.Name, word.Count, places);
        foreach (var (node, part) in parts)
            if (node != PoolShares.Here) _passing.Add((node, word with { Part = part }));
        if (places.Here > 0) Have(word, site, parts.GetValueOrDefault(PoolShares.Here), now);
    }

    private void Have(QueueHasMail word, string site, int? part, DateTimeOffset now)
    {
        if (Open(site, word.Queue, word.Part is not null, now) is not { } queue) return;
        var line = Place(queue, word.Partition, word.Queue, word.Count, word.Head, now);
        line.Find(word.Partition, word.Queue)!.Tell(part, now);
        Want(queue);
    }

    private PoolPlaces PlacesOf(Pool pool) => PoolPlaces.Of(pool, shaping.Rules(), Names, shaping.IsMissing);

    /// <summary>Nothing leaves from it here: its address is not there, or it is another node's.</summary>
    private bool IsMissing(string source) => shaping.IsMissing(source) || !PlaceOf(source).IsHere;

    private SourcePlace PlaceOf(string source) =>
        shaping.Rules().Sources.GetValueOrDefault(source) is { } known ? Names.PlaceOf(known) : SourcePlace.Here;

    /// <summary>The queue that asked for it; else it is as any other.</summary>
    private bool IsOfAnother(HandedOut handed, string site) => _queues.TryGetValue(
        (site, shaping.PoolOf(handed.Queue.Tenant, handed.Queue.Stream).Name, true), out var queue)
        && queue.Find(handed.Queue)?.Find(handed.Partition, handed.Queue)?.Request is not null;

    /// <summary>Each second: what the others have left, and what nobody speaks of any more.</summary>
    private void ClaimWhatIsLeft(SiteQueue queue, DateTimeOffset now)
    {
        if (queue.Lines.All(l => l.Feeds.All(f => f.Part is null))) return;
        var fraction = PlacesOf(PoolOf(queue)).Fraction(queue.IsOfAnother);
        foreach (var line in queue.Lines)
            foreach (var feed in line.Feeds.Where(f => f is { Part: not null, Request: null }).ToList())
            {
                if (feed.HeardAt < now - Silence) line.Remove(feed);
                else if (feed is { Part: 0, Left: > 0 } && feed.PartAt <= now - ClaimAfter && IsOpen(queue, line, now))
                    feed.Tell((int)Math.Ceiling(feed.Left * fraction), now, isHeard: false);
            }
    }

    /// <summary>
    /// Sources have come or gone: what this node is alone with is all its own, and what it may not take it leaves.
    /// </summary>
    private void DivideAnew(SiteQueue queue, DateTimeOffset now)
    {
        var places = PlacesOf(PoolOf(queue));
        if (queue.IsOfAnother ? places.Bound == 0 : places.Here == 0 && !places.Elsewhere.IsEmpty)
        {
            GiveBack(queue, _ => true, "its source is on another node", now);
            foreach (var line in queue.Lines) queue.Remove(line);
        }
        else if (!queue.IsOfAnother && places.Elsewhere.IsEmpty)
            foreach (var feed in queue.Lines.SelectMany(l => l.Feeds)) feed.Tell(null, now);
    }

    private Pool PoolOf(SiteQueue queue) => queue.Lines.FirstOrDefault() is { } any
        ? shaping.PoolOf(any.Tenant, any.Stream) : shaping.Rules().Pools.GetValueOrDefault(queue.Pool) ?? Pool.Default;
}
