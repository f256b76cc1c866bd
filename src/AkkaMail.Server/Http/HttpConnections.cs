using System.Net;
using System.Text;
using System.Text.Json;
using AkkaMail.Core.Networks;
using Microsoft.AspNetCore.Connections;

namespace AkkaMail.Server.Http;

/// <summary>
/// HTTP connections that are open, of all and of one client (an address, of IPv6 the /64). One more gets 503 and is
/// closed; a proxy that is trusted brings everybody's, and counts with all alone.
/// </summary>
internal sealed class HttpConnections(int max, int perClientMax, IReadOnlyList<IPNetwork> proxies)
{
    private static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(Problem.Unavailable(
        "As many connections are open as there may be, of all or of this client; nothing was read."),
        ProblemJson.Default.Problem.Plain());

    private readonly Dictionary<IPAddress, int> _clients = [];
    private int _count;

    public int Count { get { lock (_clients) return _count; } }

    public int Clients { get { lock (_clients) return _clients.Count; } }

    /// <summary>Around whatever else is done with a connection.</summary>
    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        var client = ClientOf(connection.RemoteEndPoint);
        if (!TryEnter(client))
        {
            await connection.Transport.Output.WriteAsync(Refusal(connection.ConnectionId));
            await connection.Transport.Output.CompleteAsync();
            return;
        }
        try { await next(connection); }
        finally { Leave(client); }
    };

    /// <summary>As every answer is: with its request's id, which Kestrel never saw, and a type.</summary>
    internal static byte[] Refusal(string connectionId) =>
    [
        .. Encoding.ASCII.GetBytes("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
            + "Content-Type: application/problem+json\r\nX-Content-Type-Options: nosniff\r\n"
            + $"{RequestIds.Header}: {connectionId}-00000001\r\nContent-Length: {Body.Length}\r\n\r\n"),
        .. Body,
    ];

    private IPAddress? ClientOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address }) return null;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return proxies.Any(p => p.Contains(plain)) ? null : ClientNetwork.Of(plain);
    }

    /// <summary><paramref name="client"/> null: nobody in particular.</summary>
    internal bool TryEnter(IPAddress? client)
    {
        lock (_clients)
        {
            var own = client is null ? 0 : _clients.GetValueOrDefault(client);
            if (_count >= max || client is not null && own >= perClientMax) return false;
            if (client is not null) _clients[client] = own + 1;
            _count++;
            return true;
        }
    }

    /// <summary>With its last connection a client is forgotten: there are never more of them than connections.</summary>
    internal void Leave(IPAddress? client)
    {
        lock (_clients)
        {
            _count--;
            if (client is not null && --_clients[client] == 0) _clients.Remove(client);
        }
    }
}
