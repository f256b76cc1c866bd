using System.Collections.Immutable;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;

namespace AkkaMail.Engine.Delivery;

/// <summary>
/// Where a pool's mail can leave from, by weight: <paramref name="Here"/> from this node, <paramref name="Bound"/> of it
/// from sources that are bound to it, <paramref name="Elsewhere"/> from sources bound to other nodes that are there. A
/// source without a node is on each, so it is where the mail is, and mail that another node passes on is not for it. What
/// is bound to a node that is not there, or has no address, weighs nothing.
/// </summary>
internal sealed record PoolPlaces(int Here, int Bound, ImmutableSortedDictionary<string, int> Elsewhere)
{
    public int All => Here + Elsewhere.Values.Sum();

    public static PoolPlaces Of(Pool pool, ShapingRules rules, NodeNames names, Func<string, bool> isMissing)
    {
        var (here, bound) = (0, 0);
        var elsewhere = ImmutableSortedDictionary<string, int>.Empty;
        foreach (var (name, weight) in pool.Sources)
        {
            var source = rules.Sources.GetValueOrDefault(name);
            var place = source is null ? SourcePlace.Here : names.PlaceOf(source);
            if (place is { IsHere: false, Node: { } node })
                elsewhere = elsewhere.SetItem(node, elsewhere.GetValueOrDefault(node) + weight);
            if (!place.IsHere || isMissing(name)) continue;
            here += weight;
            if (source?.Node is not null) bound += weight;
        }
        return new(here, bound, elsewhere);
    }

    /// <summary>What this node may claim of mail that is divided: of a ledger's of its own, or of another node's.</summary>
    public double Fraction(bool ofAnother) => All == 0 ? 0 : (double)(ofAnother ? Bound : Here) / All;
}

/// <summary>
/// Divides mail among nodes by weight, exactly in the long run: what a node had too little of one word it has more of the
/// next, so that single messages go round as thousands are split.
/// </summary>
internal sealed class PoolShares
{
    /// <summary>This node, among those that have a part.</summary>
    public const string Here = "";

    private readonly Dictionary<string, Dictionary<string, double>> _owed = [];

    /// <summary>Parts above 0, which are <paramref name="count"/> together.</summary>
    public IReadOnlyDictionary<string, int> Divide(string pool, int count, PoolPlaces places)
    {
        if (!_owed.TryGetValue(pool, out var owed)) _owed.Add(pool, owed = []);
        var weights = places.Elsewhere.AsEnumerable().Append(KeyValuePair.Create(Here, places.Here))
            .Where(w => w.Value > 0).ToList();
        foreach (var gone in owed.Keys.Where(n => weights.TrueForAll(w => w.Key != n)).ToList()) owed.Remove(gone);
        foreach (var (node, weight) in weights)
            owed[node] = owed.GetValueOrDefault(node) + (double)count * weight / places.All;

        var parts = new Dictionary<string, int>();
        var left = count;
        foreach (var (node, _) in weights)
        {
            var part = Math.Clamp((int)Math.Floor(owed[node] + 1e-9), 0, left);
            Give(node, part);
        }
        while (left > 0 && owed.Count > 0) Give(owed.MaxBy(o => o.Value).Key, 1);
        return parts;

        void Give(string node, int part)
        {
            if (part == 0) return;
            parts[node] = parts.GetValueOrDefault(node) + part;
            owed[node] -= part;
            left -= part;
        }
    }
}
