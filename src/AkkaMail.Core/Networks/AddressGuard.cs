using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Core.Networks;

/// <summary>
/// Whether we go to an address that a stranger's DNS names. Anybody can publish 127.0.0.1 or 10.0.0.5: who connects
/// there brings mail to hosts nobody meant, and tells the stranger what answers inside. Only what is globally reachable
/// is gone to (the registries of RFC 6890), and what the operator has named in <paramref name="allowed"/>.
/// </summary>
public sealed class AddressGuard(ImmutableArray<IPNetwork> allowed = default)
{
    /// <summary>The networks that are no place for mail, the narrower one first where one is inside another.</summary>
    private static readonly ImmutableArray<(IPNetwork Network, string Name)> Special =
    [
        (Net("0.0.0.0/8"), "this network"),                                 // RFC 791 §3.2
        (Net("10.0.0.0/8"), "private"), (Net("172.16.0.0/12"), "private"), (Net("192.168.0.0/16"), "private"),   // RFC 1918
        (Net("100.64.0.0/10"), "shared by carriers"),                       // RFC 6598
        (Net("127.0.0.0/8"), "loopback"),                                   // RFC 1122 §3.2.1.3
        (Net("169.254.0.0/16"), "link-local"),                              // RFC 3927
        (Net("192.0.0.0/24"), "reserved for protocols"),                    // RFC 6890 §2.1
        (Net("192.0.2.0/24"), "for documentation"), (Net("198.51.100.0/24"), "for documentation"),   // RFC 5737
        (Net("203.0.113.0/24"), "for documentation"),
        (Net("192.88.99.0/24"), "reserved"),                                // RFC 7526
        (Net("198.18.0.0/15"), "for benchmarks"),                           // RFC 2544
        (Net("224.0.0.0/4"), "multicast"),                                  // RFC 5771
        (Net("240.0.0.0/4"), "reserved"),                                   // RFC 1112 §4, with the broadcast
        (Net("::/128"), "unspecified"), (Net("::1/128"), "loopback"),       // RFC 4291
        (Net("64:ff9b:1::/48"), "for local translation"),                   // RFC 8215
        (Net("100::/64"), "discarded"), (Net("100:0:0:1::/64"), "discarded"),   // RFC 6666, RFC 9780
        (Net("2001:db8::/32"), "for documentation"), (Net("3fff::/20"), "for documentation"),   // RFC 3849, RFC 9637
        (Net("2001::/23"), "reserved for protocols"),                       // RFC 2928, with Teredo and ORCHID
        (Net("5f00::/16"), "for segment routing"),                          // RFC 9602
        (Net("fc00::/7"), "private"),                                       // RFC 4193
        (Net("fe80::/10"), "link-local"), (Net("fec0::/10"), "site-local"), // RFC 4291, RFC 3879
        (Net("ff00::/8"), "multicast"),                                     // RFC 4291 §2.7
    ];

    private readonly ImmutableArray<IPNetwork> _allowed = allowed.IsDefault ? [] : allowed;

    public bool Allows(IPAddress address) => Why(address) is null;

    /// <summary>What is wrong with going there, as <c>loopback</c>; null: nothing.</summary>
    public string? Why(IPAddress address)
    {
        // Mapped (RFC 4291 §2.5.5.2) it is the IPv4 one; and the scope of fe80::1%eth0, which no network has, stays behind.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        if (_allowed.Any(n => n.Contains(plain))) return null;
        if (Embedded(plain) is { } inner) return Why(inner);
        foreach (var (network, name) in Special)
            if (network.Contains(plain)) return name;
        // RFC 4291 §2.4: what is given out as global unicast is all in here.
        return plain.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(plain) ? "reserved" : null;
    }

    private static readonly IPNetwork GlobalUnicast = Net("2000::/3");

    /// <summary>Prefixes whose addresses are IPv4 ones in disguise, and where in them these stand.</summary>
    private static readonly ImmutableArray<(IPNetwork Network, int Offset)> Translated =
    [
        (Net("64:ff9b::/96"), 12),      // RFC 6052 §2.1, NAT64
        (Net("2002::/16"), 2),          // RFC 3056 §2, 6to4
        (Net("::ffff:0:0:0/96"), 12),   // RFC 2765 §2.1, translated
    ];

    /// <summary>The IPv4 address that a packet to this IPv6 one reaches in the end; null: it is itself.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        var bytes = address.GetAddressBytes();
        foreach (var (network, offset) in Translated)
            if (network.Contains(address)) return new(bytes.AsSpan(offset, 4));
        // RFC 4291 §2.5.5.1, compatible: ::1.2.3.4, but neither :: nor ::1.
        if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && bytes.AsSpan(12, 3).IndexOfAnyExcept((byte)0) >= 0)
            return new(bytes.AsSpan(12, 4));
        // RFC 5214 §6.1, ISATAP: under any prefix the interface is named by its IPv4 address.
        return bytes.AsSpan(8, 4) is [0x00 or 0x02, 0x00, 0x5e, 0xfe] ? new(bytes.AsSpan(12, 4)) : null;
    }

    private static IPNetwork Net(string text) => IPNetwork.Parse(text);
}
