using System.Net;
using System.Net.Sockets;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Composition;

/// <summary>
/// Whether what is to be listened on is free, looked at before the engine starts: the listeners open last, and an
/// engine that runs takes seconds to go down again.
/// </summary>
internal static class Ports
{
    public static IPEndPoint Of(Uri url) => new(
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? address
        : url.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any, url.Port);

    public static void Check(string name, IPEndPoint point)
    {
        if (point.Port == 0) return;
        try
        {
            using var socket = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(point);
            socket.Listen(1);
        }
        catch (SocketException e)
        {
            throw new StartException($"{name} cannot be listened on: {e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "address already in use; does another server run there?",
                SocketError.AccessDenied => "ports below 1024 need root or CAP_NET_BIND_SERVICE.",
                SocketError.AddressNotAvailable => "this machine does not have that address.",
                _ => e.Message,
            }}");
        }
    }
}
