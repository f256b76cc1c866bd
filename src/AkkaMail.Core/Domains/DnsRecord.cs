using System.Globalization;
using System.Text;
using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Domains;

public enum RecordPurpose
{
    [Word("dkim")] Dkim,
    [Word("spf")] Spf,
    [Word("return_path")] ReturnPath,
    [Word("dmarc")] Dmarc,
    [Word("tracking")] Tracking,
    [Word("mta_sts")] MtaSts,
    [Word("tls_reporting")] TlsReporting,
}

public enum RecordType { Txt, Mx, Cname, A, Aaaa, Reverse }

/// <summary>
/// A record to publish. <paramref name="Name"/> is complete, without the last dot; the value is as DNS tools show it:
/// a TXT in one piece without quotes, an MX as <c>10 host</c>.
/// </summary>
public sealed record DnsRecord(RecordPurpose Purpose, string Name, RecordType Type, string Value, bool IsRequired)
{
    /// <summary>Octets of one string of a TXT record (RFC 1035 §3.3); longer values are several, read as one.</summary>
    public const int StringMax = 255;

    private const int Ttl = 3600;

    /// <summary>As a line of a zone file (RFC 1035 §5.1).</summary>
    public string ZoneLine => string.Create(CultureInfo.InvariantCulture, $"{Name}. {Ttl} IN {Type.Name} {ZoneValue}");

    private string ZoneValue => Type switch
    {
        RecordType.Txt => string.Join(' ', Strings().Select(s => $"\"{Escape(s)}\"")),
        RecordType.Mx or RecordType.Cname or RecordType.Reverse => $"{Value.TrimEnd('.')}.",
        _ => Value,
    };

    /// <summary>A TXT value in pieces DNS can hold.</summary>
    public IEnumerable<byte[]> Strings() => Encoding.UTF8.GetBytes(Value).Chunk(StringMax);

    private static string Escape(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length + 8);
        foreach (var b in bytes)
            if (b is (byte)'"' or (byte)'\\') text.Append('\\').Append((char)b);
            else if (b is < 32 or > 126) text.Append('\\').Append(b.ToString("D3", CultureInfo.InvariantCulture));
            else text.Append((char)b);
        return text.ToString();
    }
}

public static class RecordTypes
{
    extension(RecordType type)
    {
        public string Name => type switch
        {
            RecordType.Txt => "TXT",
            RecordType.Mx => "MX",
            RecordType.Cname => "CNAME",
            RecordType.A => "A",
            RecordType.Aaaa => "AAAA",
            _ => "PTR",
        };
    }
}
