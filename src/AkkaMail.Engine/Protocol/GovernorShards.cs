using Akka.Util;
using AkkaMail.Core.Ids;

namespace AkkaMail.Engine.Protocol;

/// <summary>Which limits' governors live together, and what a node tells them together.</summary>
public static class GovernorShards
{
    /// <summary>About ten a node of a large cluster; fixed, since it decides where a lane's governor lives.</summary>
    public const int Count = 100;

    public static int Of(LimitKey limit) => (int)((uint)MurmurHash.StringHash(limit.ToString()) % Count);

    /// <summary>
    /// The same words in as few letters as they go in: one a shard, of more than <see cref="NodeBounds.TargetBytes"/>
    /// several. What is said to one governor stays in its order.
    /// </summary>
    public static IEnumerable<ToGovernors> Letters(IReadOnlyList<ToGovernor> words)
    {
        if (words.Count == 0) return [];
        if (words.Count == 1) return [new(Of(words[0].Limit), [words[0]])];
        return words.GroupBy(w => Of(w.Limit)).SelectMany(shard =>
            NodeBounds.Cut(shard, NodeBytes.Of).Select(some => new ToGovernors(shard.Key, some)));
    }
}
