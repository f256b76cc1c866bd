using System.Net;
using System.Text;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Data;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Tests.Rules;

public sealed class SourceWatchTests
{
    private static readonly ShapingRules Rules = ((ShapingReading.Good)ShapingReader.Read(Encoding.UTF8.GetBytes("""
        {"sources": {
          "here": {"address": "192.0.2.1"}, "any": {}, "mine": {"address": "192.0.2.2", "node": "a"},
          "other": {"address": "192.0.2.3", "node": "b"}, "loop": {"address": "127.0.0.9"},
          "proxied": {"address": "192.0.2.4", "proxy": "socks5://127.0.0.1:1080"}}}
        """), "shaping.json")).Rules;

    private readonly LogLines<SourceWatch> _log = new();
    private HashSet<IPAddress> _addresses = [.. Addresses("192.0.2.1", "192.0.2.2")];

    private SourceWatch Watch(string? node = "a") => new(() => Rules, node, () => _addresses, TimeProvider.System, _log);

    [Fact]
    public void A_start_with_every_address_is_allowed() => Watch().CheckStart();

    [Fact]
    public void An_address_that_is_not_here_ends_the_start()
    {
        _addresses = [.. Addresses("192.0.2.1", "198.51.100.7")];

        var thrown = Assert.Throws<StartException>(() => Watch().CheckStart());

        Assert.Equal("The source 'mine' has the address 192.0.2.2, which this machine does not have; it has 192.0.2.1, "
            + "198.51.100.7.", thrown.Message);
    }

    [Fact]
    public void Another_nodes_source_is_not_this_ones_business() => Watch(node: null).CheckStart();

    [Fact]
    public void An_address_that_goes_away_is_missing_and_told_once_until_it_is_back()
    {
        using var watch = Watch();
        _addresses.Remove(IPAddress.Parse("192.0.2.1"));
        watch.Look();
        watch.Look();

        Assert.True(watch.IsMissing("here"));
        Assert.False(watch.IsMissing("mine"));
        Assert.Contains("source here is not on this machine", Assert.Single(_log.Lines), StringComparison.Ordinal);

        _addresses.Add(IPAddress.Parse("192.0.2.1"));
        watch.Look();
        Assert.False(watch.IsMissing("here"));
    }

    [Fact]
    public void This_machine_has_loopback() => Assert.Contains(IPAddress.Loopback, SourceWatch.OfThisMachine());

    private static IEnumerable<IPAddress> Addresses(params string[] all) => all.Select(IPAddress.Parse);
}
