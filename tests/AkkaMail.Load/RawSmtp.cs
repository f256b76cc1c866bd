using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Load;

/// <summary>A client of the SMTP door that costs next to nothing: commands of a mail go together (RFC 2920).</summary>
internal sealed class RawSmtp : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private StreamReader _replies = null!;

    public static async Task<RawSmtp> Open(int port, string key)
    {
        var client = new RawSmtp();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        client._replies = new(client._tcp.GetStream());
        await client.Expect('2');
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0apikey\0{key}"));
        await client.Say(Encoding.ASCII.GetBytes($"EHLO load.test\r\nAUTH PLAIN {login}\r\n"));
        await client.Expect('2');
        await client.Expect('2');
        return client;
    }

    /// <summary>The reply to the final dot.</summary>
    public async Task<string> Send(string mailFrom, string recipient, byte[] mail)
    {
        await Say(Encoding.ASCII.GetBytes($"MAIL FROM:<{mailFrom}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n"));
        await Expect('2');
        await Expect('2');
        await Expect('3');
        await Say(mail);
        return await Read();
    }

    private async Task Say(byte[] octets) => await _tcp.GetStream().WriteAsync(octets);

    private async Task Expect(char kind)
    {
        var reply = await Read();
        if (reply[0] != kind) throw new InvalidOperationException(reply);
    }

    private async Task<string> Read()
    {
        while (true)
        {
            var line = await _replies.ReadLineAsync() ?? throw new IOException("the server hung up");
            if (line.Length < 4 || line[3] == ' ') return line;
        }
    }

    public void Dispose() => _tcp.Dispose();
}
