using AkkaMail.Core.Shaping;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class SitesTests
{
    private static readonly ShapingRules Known = RulesOf("""
        {"shipped": false,
         "domains": {"own.test": {}},
         "providers": {
           "first": {"match": [
             {"DomainSuffix": "corp.test"}, {"MXSuffix": ".a.example"}, {"HostName": "mx.b.example"}]},
           "second": {"match": [{"MXSuffix": ".example"}]}}}
        """);

    [Theory]
    [InlineData("own.test", "mx.a.example", "own.test", "domains.own.test")]
    [InlineData("corp.test", "mx.other.net", "first", "providers.first DomainSuffix .corp.test")]
    [InlineData("sub.corp.test", "", "first", "providers.first DomainSuffix .corp.test")]
    [InlineData("notcorp.test", "mx.other.net", "mx.other.net", "its MX host mx.other.net")]
    [InlineData("x.test", "Z.A.example mx.b.example", "first",
        "providers.first HostName mx.b.example, MXSuffix .a.example")]
    [InlineData("x.test", "mx.a.example mx.c.example", "second", "providers.second MXSuffix .example")]
    [InlineData("x.test", "mx.a.example mx.other.net", "mx.a.example+mx.other.net", "its 2 MX hosts")]
    [InlineData("x.test", "nota.examples", "nota.examples", "its MX host nota.examples")]
    [InlineData("x.test", "", "x.test", "it has no MX host")]
    public void A_domain_has_its_site(string domain, string hosts, string site, string reason)
    {
        var found = Sites.Of(Known, domain, hosts.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((site, reason.Contains("providers", StringComparison.Ordinal) ? site : null),
            (found.Site, found.Provider));
        Assert.Equal(reason, found.Reason);
    }

    [Theory]
    [InlineData("mx2.example.net mx1.example.net mx1.example.net", "mx1+mx2.example.net")]
    [InlineData("a.mx.example.net b.mx.example.net", "a+b.mx.example.net")]
    [InlineData("mx.one.net mx.two.net", "mx.one.net+mx.two.net")]
    [InlineData("example.net mx.example.net", "example.net+mx.example.net")]
    [InlineData("m/x.example.net", "m_x.example.net")]
    public void Hosts_roll_up_to_one_name_whatever_their_order(string hosts, string site)
    {
        var all = hosts.Split(' ');

        Assert.Equal(site, Sites.Of(Known, "x.test", all).Site);
        Assert.Equal(site, Sites.Of(Known, "y.test", [.. all.Reverse()]).Site);
    }

    [Fact]
    public void A_long_roll_up_is_cut_and_still_tells_two_sets_apart()
    {
        string[] hosts = [.. Enumerable.Range(0, 40).Select(i => $"mail-exchanger-{i}.example.net")];

        var (one, other) = (Sites.Of(Known, "x.test", hosts).Site, Sites.Of(Known, "x.test", hosts[..39]).Site);

        Assert.Equal((255, 255), (one.Length, other.Length));
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("relay")]
    [InlineData("smarthost")]
    [InlineData("first")]
    public void A_domain_cannot_pose_as_a_site_of_ours_or_a_provider(string domain) =>
        Assert.Equal(domain + ".", Sites.Of(Known, domain, []).Site);
}
