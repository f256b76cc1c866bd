using System.Net;
using AkkaMail.Core.Networks;

namespace AkkaMail.Core.Tests.Networks;

/// <summary>Networks as people write them, and none that only look like one.</summary>
public sealed class NetworkTextTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:DB8:0::7", "2001:db8::7/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]   // Clients are told by their IPv4 address.
    [InlineData("::ffff:10.0.0.7", "10.0.0.7/32")]
    [InlineData("::ffff:0:0/96", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    public void Is_read_to_what_is_meant(string text, string network) =>
        Assert.Equal(IPNetwork.Parse(network), NetworkText.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]              // 0.0.0.10, for .NET.
    [InlineData("10/8")]
    [InlineData("127.1")]
    [InlineData("010.0.0.1")]       // Octal.
    [InlineData("0x0a000001")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("mail.example.com")]
    public void What_only_looks_like_one_is_none(string text) => Assert.Null(NetworkText.Read(text));
}
