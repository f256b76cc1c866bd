using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AkkaMail.Smtp.Tests.Authentication;

/// <summary>
/// A name server with a zone of the openspf suite: an entry of type SPF is a TXT where the name has none, and TIMEOUT
/// stands for every type that is not there: a fault at once, which is as good as no answer (RFC 7208 §2.6.6). It follows CNAMEs as resolvers do. Over UDP, with answers of any size.
/// </summary>
internal sealed class ZoneServer : IDisposable
{
    private static readonly Dictionary<string, ushort> Types = new()
    {
        ["A"] = 1,
        ["CNAME"] = 5,
        ["PTR"] = 12,
        ["MX"] = 15,
        ["TXT"] = 16,
        ["AAAA"] = 28,
    };

    private readonly UdpClient _udp = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Dictionary<string, List<(string Type, string[] Value)>> _zone = new(StringComparer.OrdinalIgnoreCase);

    public ZoneServer(JsonElement zone)
    {
        foreach (var name in zone.EnumerateObject())
            _zone[name.Name.TrimEnd('.')] =
            [
                .. name.Value.EnumerateArray().Select(r => (r.GetProperty("type").GetString()!,
                    r.TryGetProperty("value", out var v) ? [.. v.EnumerateArray().Select(x => x.GetString()!)] : Array.Empty<string>())),
            ];
        _ = ServeAsync();
    }

    public int Queries { get; private set; }

    public IPEndPoint EndPoint => (IPEndPoint)_udp.Client.LocalEndPoint!;

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await _udp.ReceiveAsync();
                Queries++;
                await _udp.SendAsync(Answer(question.Buffer), question.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) { }
    }

    /// <summary>RFC 1035 §4.1.</summary>
    private byte[] Answer(byte[] query)
    {
        var (at, labels) = (12, new List<string>());
        for (; query[at] != 0; at += query[at] + 1) labels.Add(Encoding.Latin1.GetString(query, at + 1, query[at]));
        var type = Types.FirstOrDefault(t => t.Value == BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1))).Key;
        var (owner, answers, known) = (string.Join('.', labels), new List<byte[]>(), false);
        for (var hops = 0; hops < 8; hops++)
        {
            known = _zone.TryGetValue(owner, out var records);
            records ??= [];
            var values = records.Where(r => r.Type == type && r.Value is not ["NONE"]).ToList();
            if (type == "TXT" && !records.Exists(r => r.Type == "TXT"))
                values = [.. records.Where(r => r.Type == "SPF").Select(r => ("TXT", r.Value))];
            if (values.Count == 0 && records.Exists(r => r.Type == "TIMEOUT"))
                return [query[0], query[1], 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 0, .. query[12..(at + 5)]];   // SERVFAIL
            answers.AddRange(values.Select(v => Record(owner, type, v.Value)));
            if (values.Count > 0 || records.Find(r => r.Type == "CNAME") is not { Type: "CNAME" } alias) break;
            answers.Add(Record(owner, "CNAME", alias.Value));
            owner = alias.Value[0].TrimEnd('.');
        }
        byte[] header = [query[0], query[1], 0x85, (byte)(known ? 0x80 : 0x83), 0, 1, 0, (byte)answers.Count, 0, 0, 0, 0];
        return [.. header, .. query[12..(at + 5)], .. answers.SelectMany(a => a)];
    }

    private static byte[] Record(string owner, string type, string[] value)
    {
        byte[] data = type switch
        {
            "A" or "AAAA" => IPAddress.Parse(value[0]).GetAddressBytes(),
            "MX" => [0, byte.Parse(value[0]), .. Name(value[1])],
            "TXT" => [.. value.SelectMany(Strings)],
            _ => Name(value[0]),
        };
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)data.Length);
        return [.. Name(owner), 0, (byte)Types[type], 0, 1, 0, 0, 0, 60, .. length, .. data];
    }

    /// <summary>The suite has its octets as Latin-1; a string has 255 at most.</summary>
    private static IEnumerable<byte> Strings(string text) => text.Length == 0 ? [0]
        : Encoding.Latin1.GetBytes(text).Chunk(255).SelectMany(c => (byte[])[(byte)c.Length, .. c]);

    private static byte[] Name(string name) =>
        [.. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.Latin1.GetBytes(l)]), 0];

    public void Dispose() => _udp.Dispose();
}
