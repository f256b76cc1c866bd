using System.Net;
using AkkaMail.Server.Access;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Access;

/// <summary>How often an address may come with a wrong key.</summary>
public sealed class FailedKeysTests
{
    private static readonly IPAddress Ann = IPAddress.Parse("192.0.2.1"), Bob = IPAddress.Parse("192.0.2.2");
    private readonly FakeTimeProvider _time = new();
    private readonly FailedKeys _failed;

    public FailedKeysTests() => _failed = new(_time);

    [Fact]
    public void Twenty_at_once_then_one_every_six_seconds()
    {
        for (var i = 0; i < FailedKeys.Burst; i++) Assert.Equal(TimeSpan.Zero, _failed.Count(Ann));

        var wait = _failed.Count(Ann);
        Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
        _time.Advance(wait);
        Assert.Equal(TimeSpan.Zero, _failed.Count(Ann));
        Assert.NotEqual(TimeSpan.Zero, _failed.Count(Ann));
    }

    [Fact]
    public void Another_address_is_not_held_for_it_unless_it_is_of_the_same_network()
    {
        for (var i = 0; i <= FailedKeys.Burst; i++) _failed.Count(Ann);
        for (var i = 0; i <= FailedKeys.Burst; i++) _failed.Count(IPAddress.Parse("2001:db8::1"));

        Assert.Equal(TimeSpan.Zero, _failed.Count(Bob));
        Assert.NotEqual(TimeSpan.Zero, _failed.Count(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.NotEqual(TimeSpan.Zero, _failed.Count(IPAddress.Parse("2001:db8::ffff")));
        Assert.Equal(TimeSpan.Zero, _failed.Count(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void At_ten_thousand_addresses_all_begin_anew()
    {
        for (var i = 0; i <= FailedKeys.Burst; i++) _failed.Count(Ann);
        Assert.NotEqual(TimeSpan.Zero, _failed.Count(Ann));

        for (var i = 1; i < FailedKeys.AddressesMax; i++) _failed.Count(new(0x0A000000L + i));

        Assert.Equal(TimeSpan.Zero, _failed.Count(Ann));
    }
}
