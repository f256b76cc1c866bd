using System.Diagnostics.CodeAnalysis;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Least recently used goes first once the sum of sizes passes the bound; a value that was used as often as was
/// expected goes at once. What is larger alone is not kept.
/// </summary>
internal sealed class ByteBoundCache<TKey, T>(long bytesMax) where TKey : notnull where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _nodes = [];
    private readonly LinkedList<Entry> _recent = [];
    private long _bytes;

    private readonly record struct Entry(TKey Key, T Value, long Bytes, int Uses);

    public long Bytes { get { lock (_lock) return _bytes; } }

    /// <summary>A look that is no use.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out T? value)
    {
        lock (_lock) return (value = _nodes.TryGetValue(key, out var node) ? node.Value.Value : null) is not null;
    }

    public bool TryUse(TKey key, [NotNullWhen(true)] out T? value)
    {
        lock (_lock)
        {
            value = null;
            if (!_nodes.TryGetValue(key, out var node)) return false;
            value = node.Value.Value;
            if (node.Value.Uses == 1) Drop(key);
            else
            {
                node.ValueRef = node.Value with { Uses = node.Value.Uses - 1 };
                _recent.Remove(node);
                _recent.AddFirst(node);
            }
            return true;
        }
    }

    /// <summary>Keeps a value for <paramref name="uses"/> (at least 1) calls of <see cref="TryUse"/>.</summary>
    public void Put(TKey key, T value, long bytes, int uses)
    {
        if (bytes > bytesMax) return;
        lock (_lock)
        {
            Drop(key);
            _nodes[key] = _recent.AddFirst(new Entry(key, value, bytes, uses));
            _bytes += bytes;
            while (_bytes > bytesMax) Drop(_recent.Last!.Value.Key);
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock) Drop(key);
    }

    /// <summary>Looks at each there is.</summary>
    public void Remove(Func<TKey, bool> which)
    {
        lock (_lock)
            foreach (var key in _nodes.Keys.Where(which).ToList()) Drop(key);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _nodes.Clear();
            _recent.Clear();
            _bytes = 0;
        }
    }

    private void Drop(TKey key)
    {
        if (!_nodes.Remove(key, out var node)) return;
        _recent.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
