using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Sends octets as they are, right or wrong, and reads reply lines.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private StreamReader _reader = null!;

    /// <param name="port">Of loopback.</param>
    /// <param name="from">Loopback has 127.0.0.0/8: as many clients as a test wants.</param>
    /// <param name="receiveBuffer">Octets the system takes while nobody reads; 0: as many as it likes.</param>
    public static async Task<RawClient> ConnectAsync(int port, IPAddress? from = null, int receiveBuffer = 0)
    {
        var client = new RawClient();
        if (receiveBuffer > 0) client._tcp.ReceiveBufferSize = receiveBuffer;
        if (from is not null) client._tcp.Client.Bind(new IPEndPoint(from, 0));
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        client._reader = new StreamReader(client._tcp.GetStream());
        return client;
    }

    /// <summary>Past the banner and EHLO.</summary>
    public static async Task<RawClient> GreetedAsync(int port, IPAddress? from = null)
    {
        var client = await ConnectAsync(port, from);
        await client.Read();
        await client.Send("EHLO me.test\r\n");
        await client.Read();
        return client;
    }

    public async Task Send(string text) => await _tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>To a server that may have closed.</summary>
    public Task TrySend(string text) => TrySend(Encoding.Latin1.GetBytes(text));

    public async Task TrySend(ReadOnlyMemory<byte> octets)
    {
        try { await _tcp.GetStream().WriteAsync(octets); }
        catch (Exception e) when (e is IOException or InvalidOperationException) { }
    }

    /// <summary>All lines until the connection ends, however it does.</summary>
    public async Task<List<string>> ReadAll()
    {
        var lines = new List<string>();
        try { while (await _reader.ReadLineAsync() is { } line) lines.Add(line); }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { }
        return lines;
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Reset()
    {
        _tcp.LingerState = new(true, 0);
        _tcp.Close();
    }

    public void HalfClose() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>The last line of the next reply; "closed" when there is none.</summary>
    public async Task<string> Read()
    {
        while (true)
        {
            try
            {
                var line = await _reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
                if (line is null) return "closed";
                if (line.Length < 4 || line[3] == ' ') return line;
            }
            catch (IOException) { return "closed"; }
        }
    }

    /// <summary>The codes of the next replies.</summary>
    public async Task<string> Codes(int count)
    {
        var codes = new List<string>();
        for (var i = 0; i < count; i++) codes.Add(await Read() is var line && line == "closed" ? line : line[..3]);
        return string.Join(' ', codes);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _tcp.Dispose();
    }
}
