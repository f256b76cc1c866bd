using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Rig;

/// <summary>
/// A DNS server for load runs: every name has one MX (<c>mx.NAME</c>), every host one address. The end-to-end tests use
/// a real dnsmasq; here a hundred domains must not need a configuration.
/// </summary>
public sealed class DnsResponder : IDisposable
{
    private const ushort TypeA = 1, TypeMx = 15;
    private readonly UdpClient _socket;
    private readonly byte[] _address;

    /// <param name="address">Of every host.</param>
    /// <param name="at">Where it is asked; null: on loopback.</param>
    public DnsResponder(IPAddress address, IPAddress? at = null)
    {
        _address = address.GetAddressBytes();
        _socket = new(new IPEndPoint(at ?? IPAddress.Loopback, 0));
        Answering = Answer();
    }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>Runs until this is disposed.</summary>
    public Task Answering { get; }

    public void Dispose() => _socket.Dispose();

    private async Task Answer()
    {
        while (true)
        {
            UdpReceiveResult query;
            try { query = await _socket.ReceiveAsync(); }
            catch (Exception e) when (e is ObjectDisposedException or SocketException) { return; }
            var answer = Answer(query.Buffer);
            await _socket.SendAsync(answer, query.RemoteEndPoint);
        }
    }

    /// <summary>RFC 1035 §4: the question again, and one record when the type is MX or A.</summary>
    private byte[] Answer(byte[] query)
    {
        var end = 12;
        while (query[end] != 0) end += query[end] + 1;
        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(end + 1));
        byte[] data = type switch
        {
            TypeA => _address,
            TypeMx => [0, 10, 2, .. Encoding.ASCII.GetBytes("mx"), 0xC0, 12],   // 10 mx.<the name asked for>
            _ => [],
        };
        var answer = new byte[end + 5 + (data.Length > 0 ? 12 + data.Length : 0)];
        query.AsSpan(0, end + 5).CopyTo(answer);
        answer[2] = 0x85;   // an answer, authoritative, recursion desired
        answer[3] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)(data.Length > 0 ? 1 : 0));
        answer.AsSpan(8, 4).Clear();   // no authority, no additional (the query's EDNS record is not repeated)
        if (data.Length == 0) return answer;
        var record = answer.AsSpan(end + 5);
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC00C);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], 3600);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
        data.CopyTo(record[12..]);
        return answer;
    }
}
