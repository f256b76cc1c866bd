using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Core.Networks;

/// <summary>Who counts as one client by its address.</summary>
public static class ClientNetwork
{
    /// <summary>
    /// The address of an IPv4 client; of IPv6 the /64, which is what one customer has (RFC 6177 §2) and may draw any
    /// number of addresses from.
    /// </summary>
    public static IPAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new(bytes);
    }
}
