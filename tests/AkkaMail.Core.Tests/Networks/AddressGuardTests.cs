using System.Net;
using AkkaMail.Core.Networks;
using CsCheck;

namespace AkkaMail.Core.Tests.Networks;

/// <summary>Where a stranger's DNS may send us.</summary>
public sealed class AddressGuardTests
{
    private static string? Why(string address, params string[] allowed) =>
        new AddressGuard([.. allowed.Select(n => NetworkText.Read(n)!.Value)]).Why(IPAddress.Parse(address));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("11.0.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("100.128.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2a00:1450:4001::1b")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void The_open_internet_is_gone_to(string address) => Assert.Null(Why(address));

    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.255", "loopback")]
    [InlineData("0.0.0.0", "this network")]
    [InlineData("10.0.0.5", "private")]
    [InlineData("172.16.0.0", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("100.64.0.1", "shared by carriers")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("192.0.0.8", "reserved for protocols")]
    [InlineData("198.19.255.255", "for benchmarks")]
    [InlineData("203.0.113.9", "for documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("fd00::1", "private")]
    [InlineData("fdff::1", "private")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("2001:db8::1", "for documentation")]
    [InlineData("2001:0:7f00:1::", "reserved for protocols")]   // Teredo
    [InlineData("100::1", "discarded")]
    [InlineData("64:ff9b:1::a00:1", "for local translation")]
    [InlineData("4000::1", "reserved")]
    [InlineData("1::1", "reserved")]
    public void What_is_special_is_not_gone_to(string address, string why) => Assert.Equal(why, Why(address));

    [Theory]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:0:127.0.0.1", "loopback")]
    [InlineData("::127.0.0.1", "loopback")]
    [InlineData("64:ff9b::10.0.0.5", "private")]
    [InlineData("2002:7f00:1::", "loopback")]
    [InlineData("2002:a9fe:a9fe::1", "link-local")]
    [InlineData("2a00:1450::5efe:10.0.0.5", "private")]
    [InlineData("2a00:1450::200:5efe:10.0.0.5", "private")]
    public void An_IPv4_address_is_found_inside_an_IPv6_one(string address, string why) =>
        Assert.Equal(why, Why(address));

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:10.1.2.3", "10.0.0.0/8")]
    [InlineData("64:ff9b::10.1.2.3", "64:ff9b::/96")]
    [InlineData("fd00::9", "fd00::/8")]
    [InlineData("fe80::1%1", "fe80::/10")]
    public void What_the_operator_has_named_is_gone_to(string address, string allowed) =>
        Assert.Null(Why(address, "192.168.0.0/16", allowed));

    [Fact]
    public void Every_address_has_an_answer() => Gen.Byte.Array[16].Sample(bytes =>
    {
        var guard = new AddressGuard();
        _ = guard.Why(new IPAddress(bytes));
        var four = new IPAddress(bytes[..4]);
        Assert.Equal(guard.Why(four), guard.Why(four.MapToIPv6()));
    });

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("x/8", null)]
    [InlineData("", null)]
    public void A_network_is_read_as_people_write_it(string text, string? read) =>
        Assert.Equal(read, NetworkText.Read(text)?.ToString());
}
