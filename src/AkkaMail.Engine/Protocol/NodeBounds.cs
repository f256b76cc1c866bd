using System.Collections.Immutable;

namespace AkkaMail.Engine.Protocol;

/// <summary>
/// How large what nodes say to each other may be. A message beyond the frame is dropped with one line in the log while
/// the nodes stay together, and who repeats it repeats it for ever: so whoever gathers cuts, by bounds and not by hope.
/// </summary>
public static class NodeBounds
{
    /// <summary>Bytes of a frame between nodes: the most that arrives. Akka's own default is 128,000.</summary>
    public const int FrameBytes = 4 * 1024 * 1024;

    /// <summary>Bytes that senders cut at: a large message holds up all that is behind it, heartbeats too.</summary>
    public const int TargetBytes = 64 * 1024;

    /// <summary>
    /// Bytes of the largest that cannot be cut, since it is one thing: in a letter, with addresses of sender and
    /// receiver around it, it is still within the frame.
    /// </summary>
    public const int LargestBytes = 3 * 1024 * 1024;

    /// <summary>
    /// The same in the same order, in as many pieces as it takes for none to have more than <paramref name="target"/>
    /// bytes; one that is larger by itself is alone.
    /// </summary>
    public static IEnumerable<ImmutableArray<T>> Cut<T>(
        IEnumerable<T> items, Func<T, int> bytesOf, int target = TargetBytes) => CutBy(items, () => bytesOf, target);

    /// <summary>The same where what an item adds depends on those before it in its piece.</summary>
    /// <param name="begin">Counts for one piece, from its first item on.</param>
    public static IEnumerable<ImmutableArray<T>> CutBy<T>(
        IEnumerable<T> items, Func<Func<T, int>> begin, int target = TargetBytes)
    {
        var (piece, bytesOf, bytes) = (ImmutableArray.CreateBuilder<T>(), begin(), 0L);
        foreach (var item in items)
        {
            var more = bytesOf(item);
            if (piece.Count > 0 && bytes + more > target)
            {
                yield return piece.DrainToImmutable();
                (bytesOf, bytes) = (begin(), 0);
                more = bytesOf(item);
            }
            piece.Add(item);
            bytes += more;
        }
        if (piece.Count > 0) yield return piece.DrainToImmutable();
    }
}
