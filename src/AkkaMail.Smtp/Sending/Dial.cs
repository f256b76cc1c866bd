using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Smtp.Sending;

/// <summary>Opens sockets: from the source's address, through its proxy.</summary>
internal static class Dial
{
    public static async Task<Socket> OpenAsync(Egress egress, IPEndPoint to, CancellationToken cancel)
    {
        if (egress.Proxy is not { } proxy) return await ConnectAsync(egress, to, cancel);
        Socket socket;
        try { socket = await ConnectAsync(egress, await FindAsync(proxy, egress, cancel), cancel); }
        catch (SocketException e) { throw Silent(proxy, e); }
        try { await proxy.TunnelAsync(socket, to, cancel); }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException) throw Silent(proxy, e);
            throw;
        }
        return socket;
    }

    private static ProxyException Silent(ProxyServer proxy, Exception e) =>
        new($"The proxy {proxy} did not answer: {OwnReplies.From(e)!.Text}", isRefusal: false);

    private static async Task<Socket> ConnectAsync(Egress egress, IPEndPoint to, CancellationToken cancel)
    {
        // Without NoDelay, Nagle waits for delayed ACKs: 40 ms a message.
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (egress.Address is { } own) socket.Bind(new IPEndPoint(own, 0));
            await socket.ConnectAsync(to, cancel);
            return socket;
        }
        catch { socket.Dispose(); throw; }
    }

    private static async Task<IPEndPoint> FindAsync(ProxyServer proxy, Egress egress, CancellationToken cancel)
    {
        if (IPAddress.TryParse(proxy.Host, out var literal)) return new(literal, proxy.Port);
        var family = egress.Address?.AddressFamily ?? AddressFamily.Unspecified;
        var found = await Dns.GetHostAddressesAsync(proxy.Host, family, cancel);
        return found.Length > 0 ? new(found[0], proxy.Port) : throw new SocketException((int)SocketError.HostNotFound);
    }
}
