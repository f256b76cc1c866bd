using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Mail;

namespace AkkaMail.Storage.Content;

/// <summary>
/// SHA-256 of octets, whose they are and until which day they are kept: two that differ never meet under one, and none is
/// kept for somebody else.
/// </summary>
internal readonly record struct ContentHash(UInt128 High, UInt128 Low)
{
    public static ContentHash Of(ReadOnlySpan<byte> content, string tenant, DateTimeOffset keepUntil)
    {
        using var hash = Begin(tenant, keepUntil);
        hash.AppendData(content);
        return End(hash);
    }

    /// <summary>Reads them all, piece by piece.</summary>
    public static ContentHash Of(Octets octets, string tenant, DateTimeOffset keepUntil)
    {
        using var hash = Begin(tenant, keepUntil);
        using var stream = octets.Open();
        var piece = new byte[64 << 10];
        for (int read; (read = stream.Read(piece)) > 0;) hash.AppendData(piece.AsSpan(0, read));
        return End(hash);
    }

    private static IncrementalHash Begin(string tenant, DateTimeOffset keepUntil)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{tenant}\n{keepUntil.UtcTicks / TimeSpan.TicksPerDay}\n")));
        return hash;
    }

    private static ContentHash End(IncrementalHash hash)
    {
        Span<UInt128> bytes = stackalloc UInt128[2];
        hash.GetHashAndReset(MemoryMarshal.AsBytes(bytes));
        return new(bytes[0], bytes[1]);
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

    /// <summary>One that has gone meanwhile gives its place to the new one.</summary>
    public void Add(ContentHash hash, long content)
    {
        if (_ids.ContainsKey(hash))
        {
            _ids[hash] = content;
            return;
        }
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
