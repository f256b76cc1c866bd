using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Rig;

/// <summary>
/// One kept HTTP/1.1 connection that posts prepared bytes and reads the status. A load generator shares the machine
/// with what it measures: HttpClient would take several times the CPU for the same request.
/// </summary>
public sealed class RawHttp : IDisposable
{
    private byte[] _buffer = new byte[16 * 1024];
    private readonly Uri _url;
    private readonly string _head;
    private Socket? _socket;

    public RawHttp(Uri url, string key, string path = "/v1/messages", string headers = "")
    {
        _url = url;
        _head = $"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\n"
            + $"Content-Type: application/json\r\n{headers}";
    }

    /// <summary>Connects now, so that no request has to wait for it.</summary>
    public async Task Open(CancellationToken cancel = default) => _socket ??= await Connect(cancel);

    /// <summary>
    /// Posts the body; the status and the answer's body. Throws <see cref="IOException"/> when the server goes.
    /// </summary>
    public async Task<(int Status, string Body)> Post(
        ReadOnlyMemory<byte> body, string headers = "", CancellationToken cancel = default)
    {
        try
        {
            _socket ??= await Connect(cancel);
            var head = Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{_head}{headers}Content-Length: {body.Length}\r\n\r\n"));
            var request = new byte[head.Length + body.Length];
            head.CopyTo(request, 0);
            body.CopyTo(request.AsMemory(head.Length));
            await _socket.SendAsync(request, cancel);
            return await Read(cancel);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            _socket?.Dispose();
            _socket = null;
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose() => _socket?.Dispose();

    private async Task<Socket> Connect(CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(_url.Host), _url.Port, cancel);
        return socket;
    }

    private async Task<(int, string)> Read(CancellationToken cancel)
    {
        var got = 0;
        while (true)
        {
            if (got == _buffer.Length) Array.Resize(ref _buffer, 2 * got);   // A call of a thousand has a long answer.
            var n = await _socket!.ReceiveAsync(_buffer.AsMemory(got), cancel);
            if (n == 0) throw new IOException("the server closed the connection");
            got += n;
            var headEnd = _buffer.AsSpan(0, got).IndexOf("\r\n\r\n"u8);
            if (headEnd < 0) continue;
            var head = Encoding.ASCII.GetString(_buffer, 0, headEnd);
            var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            var (bodyStart, chunked) = (headEnd + 4, head.Contains("chunked", StringComparison.OrdinalIgnoreCase));
            if (chunked && !_buffer.AsSpan(bodyStart, got - bodyStart).EndsWith("0\r\n\r\n"u8)) continue;
            if (!chunked && got < bodyStart + LengthOf(head)) continue;
            return (status, Encoding.UTF8.GetString(_buffer, bodyStart, got - bodyStart));
        }
    }

    private static int LengthOf(string head)
    {
        const string Name = "content-length:";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return 0;
        var end = head.IndexOf('\r', at);
        var value = head.AsSpan(at + Name.Length, (end < 0 ? head.Length : end) - at - Name.Length);
        return int.Parse(value, CultureInfo.InvariantCulture);
    }
}
