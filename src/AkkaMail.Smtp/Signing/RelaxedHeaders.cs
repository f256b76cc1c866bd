using System.Text;

namespace AkkaMail.Smtp.Signing;

/// <summary>The header fields of a mail in relaxed form (RFC 6376 §3.4.2), each without its line end.</summary>
internal sealed class RelaxedHeaders
{
    private readonly List<(string Name, byte[] Field)> _fields = [];

    /// <param name="block">All header lines with their CRLF, without the empty line that ends them.</param>
    public RelaxedHeaders(ReadOnlySpan<byte> block)
    {
        while (block.Length > 0)
        {
            var end = EndOfField(block);
            if (block[..end].IndexOf((byte)':') > 0) _fields.Add(Relax(block[..end]));
            block = block[end..];
        }
    }

    public int Count(string name) => _fields.Count(f => f.Name == name);

    /// <summary>RFC 6376 §5.4.2: of several fields of one name the last is signed first.</summary>
    public IEnumerable<byte[]> FromTheLast(string name) =>
        Enumerable.Reverse(_fields).Where(f => f.Name == name).Select(f => f.Field);

    private static int EndOfField(ReadOnlySpan<byte> block)
    {
        for (var end = 0; ;)
        {
            var line = block[end..].IndexOf((byte)'\n');
            if (line < 0) return block.Length;
            end += line + 1;
            if (end == block.Length || block[end] is not ((byte)' ' or (byte)'\t')) return end;   // Not folded on.
        }
    }

    public static (string Name, byte[] Field) Relax(ReadOnlySpan<byte> field)
    {
        var colon = field.IndexOf((byte)':');
        var name = Encoding.ASCII.GetString(field[..colon]).TrimEnd(' ', '\t').ToLowerInvariant();
        var relaxed = new byte[field.Length + 1];
        var count = Encoding.ASCII.GetBytes(name, relaxed);
        relaxed[count++] = (byte)':';
        bool space = false, any = false;
        foreach (var b in field[(colon + 1)..])
        {
            if (b is (byte)'\r' or (byte)'\n') continue;
            if (b is (byte)' ' or (byte)'\t') { space = true; continue; }
            if (space && any) relaxed[count++] = (byte)' ';
            relaxed[count++] = b;
            (space, any) = (false, true);
        }
        return (name, relaxed[..count]);
    }
}
