using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AkkaMail.Smtp.Sending;

/// <summary>The proxy is at fault, or refuses; the message never tells who we are to it.</summary>
internal sealed class ProxyException(string message, bool isRefusal) : IOException(message)
{
    /// <summary>It answered: another host may be reached through it.</summary>
    public bool IsRefusal => isRefusal;
}

/// <summary>
/// A proxy that connects for a source. MailKit's own clients hide the socket, so that Nagle could not be switched off.
/// </summary>
internal sealed record ProxyServer(bool IsSocks, string Host, int Port, string? User, string? Password)
{
    /// <summary>Octets of a proxy's answer to CONNECT; a longer one is no answer.</summary>
    private const int AnswerMax = 8 * 1024;

    public static ProxyServer Of(Uri uri)
    {
        var (isSocks, user) = (uri.Scheme == "socks5", uri.UserInfo.Split(':', 2));
        return new(isSocks, uri.IdnHost.Trim('[', ']'), uri.Port > 0 ? uri.Port : isSocks ? 1080 : 8080,
            uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(user[0]),
            user.Length < 2 ? "" : Uri.UnescapeDataString(user[1]));
    }

    /// <summary>Without user and password.</summary>
    public override string ToString() => $"{Host}:{Port}";

    /// <summary>Makes a connection to the proxy into one to <paramref name="target"/>.</summary>
    public Task TunnelAsync(Socket socket, IPEndPoint target, CancellationToken cancel) =>
        IsSocks ? SocksAsync(socket, target, cancel) : ConnectAsync(socket, target, cancel);

    /// <summary>RFC 1928 §3, §4 and §6; RFC 1929 §2 for user and password.</summary>
    private async Task SocksAsync(Socket socket, IPEndPoint target, CancellationToken cancel)
    {
        await SendAsync(socket, User is null ? [5, 1, 0] : [5, 2, 0, 2], cancel);
        var chosen = await ReceiveAsync(socket, 2, cancel);
        if (chosen is not [5, 0 or 2]) throw Refused("offers no way we know");
        if (chosen[1] == 2)
        {
            var (user, password) = (Encoding.UTF8.GetBytes(User ?? ""), Encoding.UTF8.GetBytes(Password ?? ""));
            if (user.Length > 255 || password.Length > 255) throw Refused("takes user and password up to 255 octets");
            await SendAsync(socket, [1, (byte)user.Length, .. user, (byte)password.Length, .. password], cancel);
            if (await ReceiveAsync(socket, 2, cancel) is not [_, 0]) throw Refused("does not take our password");
        }
        var address = target.Address.GetAddressBytes();
        byte[] port = [(byte)(target.Port >> 8), (byte)target.Port];
        await SendAsync(socket, [5, 1, 0, address.Length == 4 ? (byte)1 : (byte)4, .. address, .. port], cancel);
        var answer = await ReceiveAsync(socket, 4, cancel);
        if (answer[1] != 0) throw Refused($"did not connect to {target}: {SocksReason(answer[1])}");
        var bound = answer[3] switch { 1 => 4, 4 => 16, _ => (await ReceiveAsync(socket, 1, cancel))[0] };
        await ReceiveAsync(socket, bound + 2, cancel);
    }

    /// <summary>RFC 1928 §6.</summary>
    private static string SocksReason(byte code) => code switch
    {
        2 => "not allowed",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        _ => $"SOCKS reply {code}",
    };

    /// <summary>RFC 9110 §9.3.6.</summary>
    private async Task ConnectAsync(Socket socket, IPEndPoint target, CancellationToken cancel)
    {
        var basic = User is null ? ""
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))}\r\n";
        await SendAsync(socket,
            Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{basic}\r\n"), cancel);
        // Octet by octet: what follows the empty line is the receiver's banner already.
        var answer = new StringBuilder();
        while (!EndsHead(answer))
        {
            if (answer.Length >= AnswerMax) throw Refused("gave no HTTP answer");
            answer.Append((char)(await ReceiveAsync(socket, 1, cancel))[0]);
        }
        var status = answer.ToString().Split(' ', 3);
        if (status is ["HTTP/1.1" or "HTTP/1.0", ['2', ..], ..]) return;
        var code = status.Length > 1 && int.TryParse(status[1], out var number) ? number : 0;
        throw Refused(code == 407 ? "does not take our password" : $"did not connect to {target}: HTTP {code}");
    }

    private static bool EndsHead(StringBuilder text) =>
        text.Length > 3 && text[^1] == '\n' && (text[^2] == '\n' || text[^2] == '\r' && text[^3] == '\n');

    private ProxyException Refused(string what) => new($"The proxy {this} {what}", isRefusal: true);

    private static async Task SendAsync(Socket socket, byte[] bytes, CancellationToken cancel)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), cancel);
    }

    private async Task<byte[]> ReceiveAsync(Socket socket, int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(got), cancel);
            if (read == 0) throw new ProxyException($"The proxy {this} did not answer: it closed", isRefusal: false);
            got += read;
        }
        return bytes;
    }
}
