using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class LaneLimitsTests
{
    private static readonly ShapingRules Known = RulesOf("""
        {"shipped": false, "defaults": {"rate": "1/s", "connections": 1, "retry": {"first_delay": "1m"}},
         "providers": {"corp": {"match": [{"MXSuffix": "corp.test"}], "limits": {"rate": "2/s", "connections": 2},
           "total": {"rate": "50/s", "connections": 99}, "retry": {"first_delay": "2m"}}},
         "domains": {"slow.test": {"limits": {"rate": "3/s"}, "retry": {"first_delay": "3m"}}},
         "sources": {
           "ip1": {"limits": {"connections": 4, "messages_per_connection": 44},
             "providers": {"corp": {"rate": "5/s"}},
             "domains": {"slow.test": {"rate": "6/s", "connection_rate": "6/min"}}},
           "ip2": {}, "esp": {"smarthost": {"host": "esp.test"}}},
         "pools": {"default": {"sources": {"ip1": 1}}, "other": {"sources": {"ip2": 1}},
           "acme": {"sources": {"ip2": 1}, "tenant": "acme"},
           "acme-news": {"sources": {"ip2": 1}, "tenant": "acme", "stream": "broadcast"}},
         "streams": [{"tenant": "beta", "stream": "broadcast", "pool": "other", "retry": {"first_delay": "4m"}},
           {"tenant": "beta"}]}
        """);

    [Theory]
    [InlineData("ip2", "x.test", "1/s", "defaults.rate (shaping.json:1)", 1)]
    [InlineData("ip2", "corp", "2/s", "providers.corp.limits.rate (shaping.json:2)", 2)]
    [InlineData("ip2", "slow.test", "3/s", "domains.slow.test.limits.rate (shaping.json:4)", 1)]
    [InlineData("ip1", "x.test", "1/s", "defaults.rate (shaping.json:1)", 4)]
    [InlineData("ip1", "corp", "5/s", "sources.ip1.providers.corp.rate (shaping.json:7)", 4)]
    [InlineData("ip1", "slow.test", "6/s", "sources.ip1.domains.slow.test.rate (shaping.json:8)", 4)]
    [InlineData("gone", "corp", "2/s", "providers.corp.limits.rate (shaping.json:2)", 2)]
    public void The_most_specific_layer_decides_each_value(
        string source, string site, string rate, string origin, int connections)
    {
        var limits = LaneLimits.Of(Known, source, site);

        Assert.Equal(new(rate, origin), limits.Explain()["rate"]);
        Assert.Equal((rate, connections), (limits.Rate!.ToString(), limits.Connections));
    }

    [Fact]
    public void What_no_file_says_is_shipped()
    {
        var limits = LaneLimits.Of(Known, "ip2", "x.test");

        Assert.Equal((TlsPolicy.Opportunistic, 100), (limits.Tls, limits.MessagesPerConnection));
        Assert.Equal(new("opportunistic", "defaults.tls (shipped)"), limits.Explain()["tls"]);
        Assert.Equal(new("100", "defaults.messages_per_connection (shipped)"),
            limits.Explain()["messages_per_connection"]);
        Assert.Null(limits.TotalRate);
    }

    [Fact]
    public void A_providers_totals_are_over_all_sources()
    {
        var limits = LaneLimits.Of(Known, "ip1", "corp");

        Assert.Equal(("50/s", 99), (limits.TotalRate!.Value.ToString(), limits.TotalConnections!.Value));
    }

    [Fact]
    public void A_smarthost_says_itself_how_it_is_encrypted()
    {
        var limits = LaneLimits.Of(Known, "esp", Sites.Smarthost);

        Assert.Equal(TlsPolicy.Verified, limits.Tls);
        Assert.Equal(new("verified", "sources.esp.smarthost (shaping.json:9)"), limits.Explain()["tls"]);
    }

    [Fact]
    public void What_no_layer_says_is_built_in()
    {
        var limits = LaneLimits.Of(new("made"), "s", "x.test").Explain();

        Assert.Equal(["connections", "messages_per_connection", "tls"], limits.Keys.Order());
        Assert.All(limits.Values, limit => Assert.Equal("built in", limit.Origin));
    }

    /// <summary>The most specific layer that can say something says all there is to say.</summary>
    [Fact]
    public void Every_limit_is_read_laid_over_the_others_and_explained()
    {
        const string All = """
            {"rate": "7/s,burst=3", "connections": 7, "connection_rate": "7/min", "messages_per_connection": 7, "tls": "required"}
            """;

        var rules = RulesOf(
            """{"defaults": {"rate": "1/s"}, "sources": {"ip1": {"domains": {"x.test": """ + All + "}}}}");
        var limits = LaneLimits.Of(rules, "ip1", "x.test").Explain();

        Assert.Equal(new Dictionary<string, string>
        {
            ["rate"] = "7/s,burst=3",
            ["connections"] = "7",
            ["connection_rate"] = "7/min",
            ["messages_per_connection"] = "7",
            ["tls"] = "required",
        }, limits.ToDictionary(l => l.Key, l => l.Value.Value));
        Assert.All(limits, l => Assert.Equal($"sources.ip1.domains.x.test.{l.Key} (shaping.json:1)", l.Value.Origin));
    }

    [Theory]
    [InlineData("beta", "broadcast", "corp", 4)]
    [InlineData("beta", "transactional", "corp", 2)]
    [InlineData("beta", "transactional", "slow.test", 3)]
    [InlineData("acme", "transactional", "x.test", 1)]
    public void Retries_follow_the_stream_then_the_receiver(string tenant, string stream, string site, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Known.RetryFor(tenant, stream, site)!.FirstDelay);

    [Fact]
    public void Without_a_schedule_the_settings_decide() =>
        Assert.Null(ShapingReader.Shipped.RetryFor("acme", Streams.Broadcast, "google"));

    [Theory]
    [InlineData("beta", "broadcast", "other")]
    [InlineData("beta", "transactional", "default")]
    [InlineData("acme", "broadcast", "acme-news")]
    [InlineData("acme", "transactional", "acme")]
    [InlineData("else", "broadcast", "default")]
    public void A_stream_has_its_pool(string tenant, string stream, string pool) =>
        Assert.Equal(pool, Known.PoolOf(tenant, stream));
}
