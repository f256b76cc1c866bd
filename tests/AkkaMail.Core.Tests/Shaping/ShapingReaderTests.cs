using System.Net;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Rules;
using AkkaMail.Core.Shaping;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class ShapingReaderTests
{
    [Fact]
    public void Every_property_of_receivers_is_read()
    {
        var rules = RulesOf("""
            { // A comment, and commas at the ends.
              "version": "2026-11-24",
              "defaults": {"rate": "50/s", "retry": {"first_delay": "5m", "max_delay": "02:00:00", "jitter": 0.2},
                "transactional_reserve": 0.25,},
              "providers": {
                "corp": {
                  "match": [{"MXSuffix": ".Corp.example"}, {"HostName": "mx.corp.test"}, {"DomainSuffix": "corp.test"}],
                  "limits": {"rate": "20/min,burst=5", "connections": 5, "connection_rate": "7/h",
                    "messages_per_connection": 50, "tls": "verified"},
                  "total": {"rate": "1000/d", "connections": 40},
                  "retry": {"first_delay": "90s", "max_delay": "1d", "jitter": 0}}},
              "domains": {"Bücher.example": {"limits": {"connections": 1}, "retry": {"first_delay": "1h"}}},
            }
            """);

        var corp = rules.Providers[0];
        Assert.StartsWith("2026-11-24+", rules.Version);
        Assert.Equal((Rate(50, 1), 10), (rules.Defaults.Rate, rules.Defaults.Connections));
        Assert.Equal(new RetryTerms(Minutes(5), Minutes(120), 0.2), rules.Retry);
        Assert.Equal(0.25, rules.TransactionalReserve);
        Assert.Equal(
        [
            new(MatchKind.MXSuffix, ".corp.example"), new(MatchKind.HostName, "mx.corp.test"),
            new ProviderMatch(MatchKind.DomainSuffix, ".corp.test"),
        ], corp.Match.ToArray());
        Assert.Equal(new Limits
        {
            Rate = new(20, Minutes(1), 5),
            Connections = 5,
            ConnectionRate = Rate(7, 3600),
            MessagesPerConnection = 50,
            Tls = TlsPolicy.Verified,
        }, corp.Limits);
        Assert.Equal((Rate(1000, 86400), 40), (corp.TotalRate, corp.TotalConnections));
        Assert.Equal(new RetryTerms(Minutes(1.5), TimeSpan.FromDays(1), 0), corp.Retry);
        Assert.Equal(new RetryTerms(Minutes(60), null, null), rules.Domains["xn--bcher-kva.example"].Retry);
    }

    [Fact]
    public void Every_property_of_senders_is_read()
    {
        var rules = RulesOf("""
            {"providers": {"corp": {"match": [{"MXSuffix": "corp.test"}]}},
             "sources": {
               "ip1": {"address": "192.0.2.1", "ehlo": "mx1.example.com", "node": "a", "limits": {"rate": "9/s"},
                 "providers": {"corp": {"rate": "8/s"}}, "domains": {"slow.test": {"connections": 2}},
                 "warm_up": "own"},
               "ip2": {"address": "2001:db8::2", "proxy": "socks5://user:secret@127.0.0.1:1080"},
               "esp": {"smarthost": {"host": "smtp.esp.example", "user": "u", "password_variable": "ESP_PASSWORD",
                 "implicit_tls": true}}},
             "pools": {"default": {"sources": {"ip1": 1, "ip2": 3}},
               "acme": {"sources": {"esp": 1}, "tenant": "acme", "stream": "broadcast"}},
             "warm_up_plans": {"own": {"per": "hour", "stages": [20, 28]}}}
            """);

        var (ip1, ip2) = (rules.Sources["ip1"], rules.Sources["ip2"]);
        Assert.Equal((IPAddress.Parse("192.0.2.1"), "mx1.example.com", "a", "own"),
            (ip1.Address, ip1.EhloName, ip1.Node, ip1.WarmUp));
        Assert.Equal((Rate(9, 1), Rate(8, 1), 2),
            (ip1.Limits.Rate, ip1.Providers["corp"].Rate, ip1.Domains["slow.test"].Connections));
        Assert.Equal(new("socks5://user:secret@127.0.0.1:1080"), ip2.Proxy);
        Assert.Equal(
            new Smarthost("smtp.esp.example", 465, "u", "ESP_PASSWORD", TlsPolicy.Verified) { ImplicitTls = true },
            rules.Sources["esp"].Smarthost);
        Assert.Equal(3, rules.Pools["default"].Sources["ip2"]);
        Assert.Equal(("acme", "broadcast"), (rules.Pools["acme"].Tenant, rules.Pools["acme"].Stream));
        Assert.Equal((Minutes(60), 28), (rules.WarmUpPlans["own"].Per, rules.WarmUpPlans["own"].Stages[1]));
        Assert.Contains("slow.test", rules.Domains);   // Else its limits would never hold.
    }

    [Fact]
    public void Every_property_of_policies_and_rules_is_read()
    {
        var rules = RulesOf("""
            {"tenants": {"acme": {"rate": "10/s", "connections": 7}},
             "streams": [{"tenant": "acme", "stream": "broadcast", "pool": "default", "retry": {},
               "windows": [{"days": ["mon", "sun"], "from": "08:00", "to": "20:30", "zone": "Europe/Berlin"}]}],
             "rules": [
               {"id": "a", "site": "google", "class": "rate_limited", "match": ["slow ?down", "later$"],
                 "trigger": "2/h", "limit": "10/min", "connections": 1, "for": "30m", "scope": "stream"},
               {"id": "b", "class": "blocked", "suspend": true, "for": "2h"},
               {"id": "c", "match": ["x"], "trigger": "immediate", "back_off": 0.5, "for": "3d", "scope": "lane"}]}
            """);

        var (window, a) = (rules.Streams[0].Windows.Single(), rules.Rules[0]);
        Assert.Equal((Rate(10, 1), 7), (rules.Tenants["acme"].Rate, rules.Tenants["acme"].Connections));
        Assert.Equal(new RetryTerms(null, null, null), rules.Streams[0].Retry);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Sunday], window.Days.ToArray());
        Assert.Equal((new(8, 0), new TimeOnly(20, 30), "Europe/Berlin"), (window.From, window.To, window.Zone.Id));
        Assert.Equal(
            ("google", ReplyClass.RateLimited, new Threshold(2, Minutes(60)), ReactionScope.Stream, Minutes(30)),
            (a.Site, a.Class, a.Threshold, a.Scope, a.For));
        Assert.True(a.Patterns[0].IsIn(SmtpReply.Parse(421, "SLOW DOWN")));
        Assert.Equal([new Reaction.LimitRate(Rate(10, 60)), new Reaction.LimitConnections(1)], a.Reactions.ToArray());
        Assert.Equal([new Reaction.Suspend()], rules.Rules[1].Reactions.ToArray());
        Assert.Equal([new Reaction.BackOff(0.5)], rules.Rules[2].Reactions.ToArray());
        Assert.Equal((null, ReactionScope.Lane), (rules.Rules[2].Threshold, rules.Rules[2].Scope));
    }

    [Fact]
    public void Without_sources_there_is_the_default_one_in_the_default_pool()
    {
        var rules = RulesOf("{}");

        Assert.Equal([Source.DefaultName], rules.Sources.Keys);
        Assert.Equal([Source.DefaultName], rules.Pools[Pool.DefaultName].Sources.Keys);
    }

    [Fact]
    public void Sources_without_pools_share_the_default_one()
    {
        var rules = RulesOf("""{"sources": {"ip1": {}, "ip2": {}}}""");

        Assert.Equal(["ip1", "ip2"], rules.Pools[Pool.DefaultName].Sources.Keys.Order());
    }

    [Fact]
    public void The_version_changes_with_every_byte()
    {
        string[] texts = ["{}", "{} ", """{"version": "v1"}"""];

        var versions = texts.Select(text => RulesOf(text).Version).Append(ShapingReader.Shipped.Version).ToArray();

        Assert.Equal(4, versions.Distinct().Count());
        Assert.Matches("^[0-9a-f]{12}$", versions[0]);
        Assert.Matches(@"^v1\+[0-9a-f]{12}$", versions[2]);
    }

    [Fact]
    public void What_can_hardly_be_meant_is_a_warning() =>
        Assert.Equal(["2 sources.idle", "4 rules[0].site"], Warnings("""
            {"sources": {"ip1": {},
               "idle": {}}, "pools": {"default": {"sources": {"ip1": 1}}},
             "rules": [{"id": "a",
               "site": "gogle", "class": "blocked", "suspend": true, "for": "1h"}]}
            """));

    private static Rate Rate(long count, int seconds) => new(count, TimeSpan.FromSeconds(seconds));
    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
