using System.Diagnostics.CodeAnalysis;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Least recently used goes first once the sum of sizes passes the bound. What is larger alone is not kept.
/// </summary>
internal sealed class ByteBoundCache<T>(long bytesMax) where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<(long Key, T Value, long Bytes)>> _nodes = [];
    private readonly LinkedList<(long Key, T Value, long Bytes)> _recent = [];
    private long _bytes;

    public long Bytes { get { lock (_lock) return _bytes; } }

    public bool TryGet(long key, [NotNullWhen(true)] out T? value)
    {
        lock (_lock)
        {
            value = null;
            if (!_nodes.TryGetValue(key, out var node)) return false;
            _recent.Remove(node);
            _recent.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    public void Put(long key, T value, long bytes)
    {
        if (bytes > bytesMax) return;
        lock (_lock)
        {
            Drop(key);
            _nodes[key] = _recent.AddFirst((key, value, bytes));
            _bytes += bytes;
            while (_bytes > bytesMax) Drop(_recent.Last!.Value.Key);
        }
    }

    public void Remove(long key)
    {
        lock (_lock) Drop(key);
    }

    private void Drop(long key)
    {
        if (!_nodes.Remove(key, out var node)) return;
        _recent.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
