using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AkkaMail.Smtp.Authentication;

/// <summary>Addresses of one family that follow each other, both ends included; IPv4 are numbers of 32 bits.</summary>
internal readonly record struct AddressRange(AddressFamily Family, UInt128 First, UInt128 Last)
{
    /// <summary>The first IPv4 address as IPv6 writes it (RFC 4291 §2.5.5.2).</summary>
    private const ulong Mapped = 0xFFFF_0000_0000;

    public static AddressRange All(AddressFamily family) =>
        new(family, 0, family == AddressFamily.InterNetwork ? uint.MaxValue : UInt128.MaxValue);

    /// <summary>The network of so many bits that an address is in.</summary>
    public static AddressRange Of(IPAddress address, int bits)
    {
        var (all, value) = (All(address.AddressFamily), ValueOf(address));
        var size = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        // A shift by all 128 bits would be one by none.
        var hosts = bits >= size ? 0 : bits <= 0 ? all.Last : all.Last >> bits;
        return new(all.Family, value & ~hosts, value | hosts);
    }

    public static UInt128 ValueOf(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var count);
        return count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets)
            : BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    public IPAddress At(UInt128 value)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, value);
        return new(Family == AddressFamily.InterNetwork ? octets[12..] : octets);
    }

    public bool Contains(UInt128 value) => value >= First && value <= Last;

    public AddressRange And(AddressRange other) =>
        this with { First = UInt128.Max(First, other.First), Last = UInt128.Min(Last, other.Last) };

    /// <summary>What of it lies on the same side of a network as the address: both within, or both without.</summary>
    public AddressRange Beside(UInt128 value, AddressRange network) =>
        value < network.First ? this with { Last = UInt128.Min(Last, network.First - 1) }
        : value > network.Last ? this with { First = UInt128.Max(First, network.Last + 1) }
        : And(network);

    /// <summary>Of IPv4 in IPv6 the IPv4, which is what arrives at a receiver (RFC 7208 §5).</summary>
    public AddressRange Unmapped() => Family == AddressFamily.InterNetworkV6 && First >= Mapped
        && Last <= Mapped + uint.MaxValue ? new(AddressFamily.InterNetwork, First - Mapped, Last - Mapped) : this;
}
