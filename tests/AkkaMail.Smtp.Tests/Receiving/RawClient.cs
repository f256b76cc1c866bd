using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>Sends octets as they are, right or wrong, and reads reply lines.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new();
    private StreamReader _reader = null!;

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        client._reader = new StreamReader(client._tcp.GetStream());
        return client;
    }

    /// <summary>Past the banner and EHLO.</summary>
    public static async Task<RawClient> GreetedAsync(int port)
    {
        var client = await ConnectAsync(port);
        await client.Read();
        await client.Send("EHLO me.test\r\n");
        await client.Read();
        return client;
    }

    public async Task Send(string text) => await _tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

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
