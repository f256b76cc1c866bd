using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Core.Networks;

/// <summary>Networks as people write them: <c>192.0.2.7</c>, <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>.</summary>
public static class NetworkText
{
    /// <summary>RFC 4291 §2.5.5.2: the first bits of an IPv6 address that is an IPv4 one.</summary>
    private const int MappedBits = 96;

    /// <summary>
    /// Null when it is neither an address nor a network. One of mapped addresses is the IPv4 one: clients are told by
    /// their IPv4 address, which the other would never contain.
    /// </summary>
    public static IPNetwork? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (Address(slash < 0 ? text : text[..slash]) is not { } address) return null;
        if (slash < 0) return Plain(address) is var plain ? new(plain, plain.GetAddressBytes().Length * 8) : null;
        if (!IPNetwork.TryParse(text, out var network)) return null;
        return address.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new(address.MapToIPv4(), network.PrefixLength - MappedBits) : network;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>
    /// Null for what only looks like one: <c>10</c> would be 0.0.0.10, <c>010.0.0.1</c> be read as octal, and a scope
    /// (<c>fe80::1%eth0</c>) is of this machine alone.
    /// </summary>
    public static IPAddress? Address(string text) =>
        !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? text[0] != '[' : address.ToString() == text)
            ? address : null;

    /// <summary>The entries of a list with commas between them, blanks around them or none.</summary>
    public static string[] Entries(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
