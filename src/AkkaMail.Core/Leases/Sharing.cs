using System.Collections.Immutable;

namespace AkkaMail.Core.Leases;

/// <summary>
/// Divides one lane among the nodes that want to send on it, so that their sum is never more than the lane's. A node
/// that asks gets its part of what nobody wants less (max-min fair by demand); the others' parts shrink at once, since
/// they are told. A node that has fallen silent keeps its part as long as it may still go by it, unless the cluster
/// says it is gone.
/// </summary>
public sealed class Sharing
{
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(3);

    /// <summary>Nodes ask again this often.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    /// <summary>A node that has not asked for so long may be gone.</summary>
    private static readonly TimeSpan Silence = Renewal * 1.5;

    private readonly Dictionary<string, Part> _parts = [];

    /// <summary>
    /// Within it a governor that takes over has heard all who hold a lease: they asked while there was none, and their
    /// words have been kept.
    /// </summary>
    public static readonly TimeSpan Handover = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// What a node without a lease gets of a lane whose other nodes have not been heard yet: enough for a first mail,
    /// and all of them together stay within it.
    /// </summary>
    private const double UnheardPart = 0.05;

    private readonly Dictionary<string, double> _told = [];
    private DateTimeOffset? _begun;

    private readonly record struct Part(
        Demand Demand, Share Share, Share? Held, DateTimeOffset AskedAt, DateTimeOffset Until);

    public IEnumerable<string> Nodes => _parts.Keys;

    /// <summary>
    /// A node tells what it wants; its lease begins anew. <paramref name="held"/> is what it still has of an earlier
    /// life of this governor.
    /// </summary>
    public void Ask(string node, Demand demand, DateTimeOffset now, Share? held = null)
    {
        _begun ??= now;
        // Of an earlier life it is only what it said first: since then it holds what it has from this one.
        var (share, before) =
            _parts.TryGetValue(node, out var part) ? (part.Share, part.Held) : (new Share(0, 0), held);
        _parts[node] = new(demand, share, before, now, now + LeaseTime + Budget.Grace);
    }

    /// <summary>It sends no more, or is no longer in the cluster: what it had is free at once.</summary>
    public void Leave(string node) => _parts.Remove(node);

    public ImmutableDictionary<string, NodeShare> Shares => _parts.ToImmutableDictionary(p => p.Key, p =>
    {
        var (demand, share) = (p.Value.Demand, p.Value.Share);
        return new NodeShare(share.Rate, share.Connections, demand.Messages > (share.Rate ?? double.MaxValue));
    });

    public Share Of(string node) => _parts[node].Share;

    /// <summary>
    /// Divides anew, and returns the nodes whose share has changed. A governor that has just begun in a cluster of
    /// several <paramref name="nodes"/> does not know yet who else holds a lease. Those may hold all of it: at first
    /// each keeps what it held, and who held nothing gets hardly anything; until all have had time to ask, nobody gets
    /// more than it held, or than its part if it held nothing.
    /// </summary>
    /// <param name="isAsking">The rate is no limit, but how often a receiver is asked whether it is open again.</param>
    public IReadOnlyList<string> Divide(
        double? rate, int connections, DateTimeOffset now, int nodes = 1, bool isAsking = false)
    {
        var isNew = nodes > 1 && now - _begun < Silence;
        var isFirst = isNew && now - _begun < Handover;
        foreach (var (node, part) in _parts)
            if (part.Until <= now) _parts.Remove(node);
        var silent = _parts.Values.Where(p => now - p.AskedAt > Silence).ToList();
        var present = _parts.Where(p => now - p.Value.AskedAt <= Silence)
            .OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        double[] wanted = [.. present.Select(p => (double)p.Value.Demand.Messages)];
        var rates = rate is { } r ? Fill(r - silent.Sum(p => p.Share.Rate ?? 0), wanted, isAsking ? now : null) : null;
        var most = Whole(connections - silent.Sum(p => p.Share.Connections),
            [.. present.Select(p => p.Value.Demand.Connections)]);
        var changed = new List<string>();
        for (var i = 0; i < present.Count; i++)
        {
            var (node, part) = present[i];
            var share = new Share(rates?[i], most[i]);
            if (isFirst) share = First(part, rate, connections, nodes);
            else if (isNew) share = Least(share, part.Held ?? new(rate / nodes, Math.Max(1, connections / nodes)));
            if (IsOther(part.Share, share)) changed.Add(node);
            _parts[node] = part with { Share = share };
        }
        HasMoved = rate is { } full && wanted.Sum() > full && MovedPart * full < present.Sum(
            p => Math.Abs((_parts[p.Key].Share.Rate ?? 0) - _told.GetValueOrDefault(p.Key)));
        return changed;
    }

    /// <summary>What all held together may be more than there is by now: then all have less in proportion.</summary>
    private Share First(Part part, double? rate, int connections, int nodes)
    {
        if (part.Held is not { } held) return new(UnheardPart * rate / nodes, 1);
        var rates = _parts.Values.Sum(p => p.Held?.Rate ?? 0);
        var all = _parts.Values.Sum(p => p.Held?.Connections ?? 0);
        return new(rate is not { } r ? null : (held.Rate ?? r) * Math.Min(1, r / Math.Max(rates, held.Rate ?? r)),
            (int)(held.Connections * Math.Min(1, (double)connections / Math.Max(all, 1))));
    }

    /// <summary>
    /// Nodes want more than there is, and the division is another than all of them know: who inherits by an old one may
    /// take what somebody else has by now.
    /// </summary>
    public bool HasMoved { get; private set; }

    private const double MovedPart = 0.05;

    /// <summary>All of them have been told how it is divided.</summary>
    public void AllKnow()
    {
        _told.Clear();
        foreach (var (node, part) in _parts) _told[node] = part.Share.Rate ?? 0;
        HasMoved = false;
    }

    /// <summary>
    /// To each what it wants as far as it goes round; what is over is shared equally by those who want some.
    /// </summary>
    private static double[] Fill(double total, double[] wanted, DateTimeOffset? asking)
    {
        var shares = new double[wanted.Length];
        if (total <= 0 || wanted.Length == 0) return shares;
        if (asking is { } now && Turn(total, wanted, now) is { } turn)
        {
            shares[turn] = total;
            return shares;
        }
        var left = total;
        var order = Enumerable.Range(0, wanted.Length).OrderBy(i => wanted[i]).ToArray();
        for (var k = 0; k < order.Length; k++)
        {
            shares[order[k]] = Math.Min(wanted[order[k]], left / (order.Length - k));
            left -= shares[order[k]];
        }
        var some = wanted.Count(w => w > 0);
        for (var i = 0; i < shares.Length; i++)
            if (some == 0 || wanted[i] > 0) shares[i] += left / (some == 0 ? shares.Length : some);
        return shares;
    }

    /// <summary>
    /// Whose turn it is, where there is too little to divide: nodes that each ask once in half a minute whether a receiver
    /// is open again ask all at once, and then nobody does for half a minute. No limit is divided so: who has its turn may
    /// send at its beginning and at its end.
    /// </summary>
    private static int? Turn(double total, double[] wanted, DateTimeOffset now)
    {
        var some = Enumerable.Range(0, wanted.Length).Where(i => wanted[i] > 0).ToList();
        if (some.Count < 2 || total >= some.Count * LeastPart) return null;
        var turns = now.UtcTicks / (TimeSpan.TicksPerSecond * Math.Max(LeaseTime.TotalSeconds, 1 / total));
        return some[(int)(Math.Floor(turns) % some.Count)];
    }

    /// <summary>Messages a second; less is no part for a node.</summary>
    private const double LeastPart = 0.1;

    /// <summary>The same in whole numbers, one each first: a node without a connection could not send at all.</summary>
    private static int[] Whole(int total, int[] wanted)
    {
        var shares = new int[wanted.Length];
        if (total <= 0 || wanted.Length == 0) return shares;
        // Who wants most comes first while there are fewer than nodes, and last when what is left is divided.
        var order = Enumerable.Range(0, wanted.Length).OrderByDescending(i => wanted[i]).Take(total).Reverse().ToArray();
        for (var k = 0; k < order.Length; k++)
        {
            shares[order[k]] = Math.Min(Math.Max(1, wanted[order[k]]), total / (order.Length - k));
            total -= shares[order[k]];
        }
        // What nobody wants yet is there when they do.
        for (var k = 0; k < order.Length; k++)
            shares[order[k]] += total / order.Length + (k < total % order.Length ? 1 : 0);
        return shares;
    }

    private static Share Least(Share a, Share b) => new(
        a.Rate is { } x && b.Rate is { } y ? Math.Min(x, y) : a.Rate ?? b.Rate, Math.Min(a.Connections, b.Connections));

    private static bool IsOther(Share a, Share b) =>
        a.Connections != b.Connections || a.Rate is null != b.Rate is null
        || a.Rate is { } x && b.Rate is { } y && Math.Abs(x - y) > 0.01 * Math.Max(x, y);
}
