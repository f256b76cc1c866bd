using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Tests.Sending;

/// <summary>
/// A SOCKS5 and HTTP proxy for user <c>me</c> with password <c>s3cret:x</c>; to port 1 it refuses to connect.
/// </summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _tunnels;

    public TestProxy()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public int Tunnels => _tunnels;

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var first = await Read(stream, 1);
                var target = first[0] == 5 ? await Socks(stream) : await Http(stream);
                if (target is null) return;
                using var onward = new TcpClient();
                await onward.ConnectAsync(target);
                Interlocked.Increment(ref _tunnels);
                await Task.WhenAny(stream.CopyToAsync(onward.GetStream()), onward.GetStream().CopyToAsync(stream));
            }
            catch (Exception e) when (e is IOException or SocketException) { }
        }
    }

    private static async Task<IPEndPoint?> Socks(NetworkStream stream)
    {
        var ways = await Read(stream, (await Read(stream, 1))[0]);
        await stream.WriteAsync(new byte[] { 5, ways.Contains((byte)2) ? (byte)2 : (byte)255 });
        if (!ways.Contains((byte)2)) return null;
        var user = await Read(stream, (await Read(stream, 2))[1]);
        var password = await Read(stream, (await Read(stream, 1))[0]);
        var good = Encoding.UTF8.GetString(user) == "me" && Encoding.UTF8.GetString(password) == "s3cret:x";
        await stream.WriteAsync(new byte[] { 1, good ? (byte)0 : (byte)1 });
        if (!good) return null;
        var kind = (await Read(stream, 4))[3];
        var address = new IPAddress(await Read(stream, kind == 1 ? 4 : 16));
        var port = await Read(stream, 2);
        var target = new IPEndPoint(address, port[0] << 8 | port[1]);
        await stream.WriteAsync(new byte[] { 5, target.Port == 1 ? (byte)5 : (byte)0, 0, 1, 0, 0, 0, 0, 0, 0 });
        return target.Port == 1 ? null : target;
    }

    private static async Task<IPEndPoint?> Http(NetworkStream stream)
    {
        var head = "C";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal)) head += (char)(await Read(stream, 1))[0];
        var target = IPEndPoint.Parse(head.Split(' ')[1]);
        var basic = Convert.ToBase64String("me:s3cret:x"u8);
        var status = !head.Contains($"Basic {basic}", StringComparison.Ordinal) ? "407 Who are you, me?"
            : target.Port == 1 ? "502 No" : "200 Go";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nVia: test\r\n\r\n"));
        return status[0] == '2' ? target : null;
    }

    private static async Task<byte[]> Read(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }
}
