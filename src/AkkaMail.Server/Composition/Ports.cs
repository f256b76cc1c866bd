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

    /// <summary>None of them twice, and none of them somebody else's; else a <see cref="StartException"/>.</summary>
    public static void Check(IReadOnlyList<Listening> all)
    {
        for (var i = 0; i < all.Count; i++)
            if (all.Take(i).FirstOrDefault(all[i].Meets) is { } first)
                throw new StartException($"{first.Name} and {all[i].Name} are one address and port: each needs its own.");
        foreach (var one in all) Check(one.Name, one.Point);
    }

    private static void Check(string name, IPEndPoint point)
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

/// <summary>Where one of the doors is to listen, and by which setting.</summary>
internal sealed record Listening(string Name, IPEndPoint Point, bool IsHttp = false)
{
    /// <summary>Both could not be open at once. A wildcard of HTTP is one of both families.</summary>
    public bool Meets(Listening other) => Point.Port == other.Point.Port && Point.Port > 0
        && (Point.Address.Equals(other.Point.Address) || Covers(other) || other.Covers(this));

    private bool Covers(Listening other) =>
        Point.Address.Equals(IPAddress.Any) && other.Point.AddressFamily == AddressFamily.InterNetwork
        || Point.Address.Equals(IPAddress.IPv6Any) && (IsHttp || other.Point.AddressFamily == AddressFamily.InterNetworkV6);
}
