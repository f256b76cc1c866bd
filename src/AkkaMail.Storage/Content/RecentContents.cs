using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AkkaMail.Storage.Content;

/// <summary>SHA-256: two mails that differ never meet under one.</summary>
internal readonly record struct ContentHash(UInt128 High, UInt128 Low)
{
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<UInt128> hash = stackalloc UInt128[2];
        SHA256.HashData(content, MemoryMarshal.AsBytes(hash));
        return new(hash[0], hash[1]);
    }
}

/// <summary>
/// Where the contents written last lie. A newsletter comes as thousands of submissions one after the other, all with
/// one content; an index of every hash ever stored would find more, at the price of a random page for each mail. At the
/// bound the oldest goes, and a mail that says the same again is stored again.
/// </summary>
internal sealed class RecentContents
{
    private const int Max = 4_096;
    private readonly Dictionary<ContentHash, long> _ids = [];
    private readonly Queue<ContentHash> _order = new();

    public bool TryFind(ContentHash hash, out long content) => _ids.TryGetValue(hash, out content);

    public void Add(ContentHash hash, long content)
    {
        if (_ids.Count == Max) _ids.Remove(_order.Dequeue());
        _ids.Add(hash, content);
        _order.Enqueue(hash);
    }

    public void Clear()
    {
        _ids.Clear();
        _order.Clear();
    }
}
