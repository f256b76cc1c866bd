using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Tests.Resolving;

/// <summary>A DNS server that answers each TXT question with what <see cref="Text"/> is now; null: a fault.</summary>
internal sealed class TxtServer : IDisposable
{
    private readonly UdpClient _udp = new(new IPEndPoint(IPAddress.Loopback, 0));

    public TxtServer() => _ = ServeAsync();

    public IPEndPoint EndPoint => (IPEndPoint)_udp.Client.LocalEndPoint!;
    public string? Text { get; set; }
    public int Queries { get; private set; }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await _udp.ReceiveAsync();
                Queries++;
                await _udp.SendAsync(Answer(question.Buffer, Text), question.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) { }
    }

    /// <summary>RFC 1035 §4.1: the header, the question as it came, and one record that points at its name.</summary>
    private static byte[] Answer(byte[] query, string? text)
    {
        var end = 12;
        while (query[end] != 0) end += query[end] + 1;
        end += 5;
        var question = query[12..end];
        if (text is null) return [query[0], query[1], 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 0, .. question];   // SERVFAIL
        byte[] header = [query[0], query[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
        var bytes = Encoding.ASCII.GetBytes(text);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(bytes.Length + 1));
        return [.. header, .. question, 0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, .. length, (byte)bytes.Length, .. bytes];
    }

    public void Dispose() => _udp.Dispose();
}
