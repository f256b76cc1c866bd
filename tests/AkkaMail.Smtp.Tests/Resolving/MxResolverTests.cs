using System.Net;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Tests.Resolving;

public sealed class MxResolverTests(Dnsmasq dns) : IClassFixture<Dnsmasq>
{
    private readonly ManualTime _time = new();
    private int _chance;

    private MxResolver Resolver(ResolverOptions? options = null) =>
        new((options ?? new()) with { Servers = [dns.EndPoint], Guard = Dnsmasq.Guard }, _time, bound => _chance % bound);

    private static async Task<SmtpReply> Refused(MxResolver resolver, string domain) =>
        Assert.IsType<NoRoute>(await resolver.ResolveAsync(domain, default)).Reply;

    private static async Task<string[]> Hosts(MxResolver resolver, string domain) =>
        [.. Assert.IsType<MxPlan>(await resolver.ResolveAsync(domain, default)).Hosts];

    [Fact]
    public async Task Each_of_twenty_domains_has_its_host_and_address()
    {
        var resolver = Resolver();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([$"mx.d{i}.test"], await Hosts(resolver, $"d{i}.test"));
            var host = await resolver.AddressesAsync($"mx.d{i}.test", default);
            Assert.Equal($"127.0.0.{11 + i}", host.Addresses.Single().ToString());
        }
    }

    [Fact]
    public async Task Lower_preference_comes_first_and_equals_change_places_by_chance()
    {
        var resolver = Resolver();
        var first = await Hosts(resolver, "prefs.test");
        _chance = 1;
        var second = await Hosts(resolver, "prefs.test");

        Assert.Equal([first[1], first[0], "c.prefs.test"], second);
        Assert.Equal(["a.prefs.test", "b.prefs.test"], first.Take(2).Order());
    }

    [Fact]
    public async Task A_null_mx_refuses_for_good() =>
        Assert.Equal("556 5.1.10", Codes(await Refused(Resolver(), "null.test")));

    [Fact]
    public async Task A_domain_that_does_not_exist_refuses_for_good() =>
        Assert.Equal("550 5.1.2", Codes(await Refused(Resolver(), "missing.test")));

    [Fact]
    public async Task Without_mx_the_domain_is_its_own_host() =>
        Assert.Equal(["nomx.test"], await Hosts(Resolver(), "nomx.test"));

    [Fact]
    public async Task With_neither_mx_nor_address_it_refuses_for_good() =>
        Assert.Equal("550 5.1.2", Codes(await Refused(Resolver(), "noaddress.test")));

    [Fact]
    public async Task A_server_that_refuses_the_question_is_a_fault_to_try_again()
    {
        var reply = await Refused(Resolver(), "example.com");   // No upstream: dnsmasq answers REFUSED.

        Assert.Equal(0, reply.Code);
        Assert.Contains("Refused", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_fault_to_try_again()
    {
        using var silent = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new ResolverOptions
        { Servers = [(IPEndPoint)silent.Client.LocalEndPoint!], Timeout = TimeSpan.FromMilliseconds(100), Retries = 0 };

        var reply = await Refused(new(options, _time, _ => 0), "d0.test");

        Assert.Equal(SmtpReply.Ours("DNS gave no answer for MX"), reply);
    }

    [Fact]
    public async Task Our_own_name_ends_the_list_and_alone_is_a_loop()
    {
        Assert.Equal("554 5.4.6", Codes(await Refused(Resolver(new() { OwnHosts = ["MX.d1.test"] }), "d1.test")));
        Assert.Equal(2, (await Hosts(Resolver(new() { OwnHosts = ["c.prefs.test"] }), "prefs.test")).Length);
        Assert.Equal("554 5.4.6", Codes(await Refused(Resolver(new() { OwnHosts = ["a.prefs.test"] }), "prefs.test")));
    }

    [Fact]
    public async Task Our_own_address_is_not_used()
    {
        var own = new ResolverOptions { OwnAddresses = [IPAddress.Parse("127.0.0.11")] };

        Assert.Empty((await Resolver(own).AddressesAsync("mx.d0.test", default)).Addresses);
    }

    [Fact]
    public async Task An_address_that_is_no_place_for_mail_is_none()
    {
        var implied = await Refused(Resolver(), "inner.test");
        var named = await Resolver().AddressesAsync("mx.half.test", default);
        var literal = await Resolver().AddressesAsync("10.0.0.5", default);

        Assert.Equal("The recipient's domain leads to 169.254.169.254 (link-local), where no mail is brought", implied.Text);
        Assert.Equal("550 5.1.2", Codes(implied));
        Assert.Empty(named.Addresses);
        Assert.True(named.NoRoute!.IsForbidden && literal.NoRoute!.IsForbidden);
        Assert.Equal(["10.0.0.5"], await Hosts(Resolver(), "literal.test"));
    }

    [Fact]
    public async Task No_more_hosts_than_allowed_are_planned() =>
        Assert.Equal(2, (await Hosts(Resolver(new() { HostsMax = 2 }), "prefs.test")).Length);

    [Fact]
    public async Task A_host_with_only_an_ipv6_address_has_it() =>
        Assert.Equal("::1", (await Resolver().AddressesAsync("mx.six.test", default)).Addresses.Single().ToString());

    [Fact]
    public async Task An_answer_is_asked_for_once_until_its_time_is_over_however_many_ask()
    {
        var resolver = Resolver();
        var before = dns.QueriesFor("MX", "d7.test");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Hosts(resolver, "d7.test")));
        Assert.Equal(before + 1, await Asked("d7.test", before + 1));

        _time.Advance(TimeSpan.FromSeconds(29));   // TTL 0 is kept for TtlMin.
        await Hosts(resolver, "d7.test");
        _time.Advance(TimeSpan.FromMinutes(10));
        await Hosts(resolver, "d7.test");

        Assert.Equal(before + 2, await Asked("d7.test", before + 2));
    }

    [Fact]
    public async Task The_cache_stays_within_its_bound_and_still_answers()
    {
        var resolver = Resolver(new() { CacheMax = 5 });
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 20; i++)
                Assert.Equal([$"mx.d{i}.test"], await Hosts(resolver, $"d{i}.test"));
    }

    /// <summary>dnsmasq's log comes by a pipe, after the answer.</summary>
    private async Task<int> Asked(string name, int expected)
    {
        for (var i = 0; i < 100 && dns.QueriesFor("MX", name) < expected; i++) await Task.Delay(20);
        return dns.QueriesFor("MX", name);
    }

    private static string Codes(SmtpReply reply) => $"{reply.Code} {reply.Enhanced}";
}
