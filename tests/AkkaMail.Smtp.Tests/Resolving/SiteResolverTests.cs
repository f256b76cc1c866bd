using System.Text;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Tests.Resolving;

public sealed class SiteResolverTests(Dnsmasq dns) : IClassFixture<Dnsmasq>
{
    private readonly ManualTime _time = new();

    private SiteResolver Resolver(string json = "{}", ResolverOptions? options = null) => new(
        new((options ?? new()) with { Servers = [dns.EndPoint] }, _time, _ => 0), () => Rules(json), _time);

    private static ShapingRules Rules(string json) =>
        Assert.IsType<ShapingReading.Good>(ShapingReader.Read(Encoding.UTF8.GetBytes(json), "shaping.json")).Rules;

    [Fact]
    public async Task A_domain_with_one_host_has_that_host_as_its_site()
    {
        var answer = await Resolver().ResolveAsync("D3.test", default);

        Assert.Equal(("d3.test", "mx.d3.test", null, "its MX host mx.d3.test"),
            (answer.Domain, answer.Site, answer.Provider, answer.Reason));
        Assert.Equal(["mx.d3.test"], answer.MxHosts.ToArray());
    }

    [Fact]
    public async Task Hosts_of_every_preference_make_the_site()
    {
        var answer = await Resolver().ResolveAsync("prefs.test", default);

        Assert.Equal("a+b+c.prefs.test", answer.Site);
        Assert.Equal(["a.prefs.test", "b.prefs.test", "c.prefs.test"], answer.MxHosts.ToArray());
    }

    [Fact]
    public async Task A_provider_is_found_by_the_hosts_dns_gave()
    {
        var answer = await Resolver("""{"providers": {"corp": {"match": [{"MXSuffix": ".prefs.test"}]}}}""")
            .ResolveAsync("prefs.test", default);

        Assert.Equal(("corp", "corp", "providers.corp MXSuffix .prefs.test"),
            (answer.Site, answer.Provider, answer.Reason));
    }

    [Fact]
    public async Task A_domain_with_an_entry_is_its_own_site_and_dns_is_not_asked()
    {
        var answer = await Resolver("""{"domains": {"d9.test": {}}}""").ResolveAsync("d9.test", default);

        Assert.Equal(("d9.test", _time.GetUtcNow() + SiteResolver.WithoutDnsTtl), (answer.Site, answer.Until));
        Assert.Equal(0, dns.QueriesFor("MX", "d9.test"));
    }

    [Fact]
    public async Task Without_mx_the_domain_is_its_own_host_and_site() =>
        Assert.Equal("nomx.test", (await Resolver().ResolveAsync("nomx.test", default)).Site);

    [Theory]
    [InlineData("null.test", "null MX", 60)]
    [InlineData("missing.test", "does not exist", 300)]
    [InlineData("example.com", "DNS answered Refused", 10)]   // No upstream: dnsmasq refuses.
    public async Task Without_a_way_the_domain_is_its_own_site_for_a_while(string domain, string words, int seconds)
    {
        var answer = await Resolver().ResolveAsync(domain, default);

        Assert.Equal(domain, answer.Site);
        Assert.Contains(words, answer.Reason, StringComparison.Ordinal);
        Assert.Empty(answer.MxHosts);
        Assert.InRange(answer.Until - _time.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public async Task An_answer_holds_as_long_as_dns_says_within_the_bounds()
    {
        var answer = await Resolver(options: new() { TtlMin = TimeSpan.FromMinutes(2) }).ResolveAsync("d4.test", default);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(2), answer.Until);
    }
}
