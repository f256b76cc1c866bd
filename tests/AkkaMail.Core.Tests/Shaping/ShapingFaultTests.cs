using System.Text;
using AkkaMail.Core.Shaping;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class ShapingFaultTests
{
    /// <summary>A file with one fault, and the path and words it is told by.</summary>
    public static TheoryData<string, string, string> Alone => new()
    {
        { """{"provider": {}}""", "provider", "not known here" },
        { """[1]""", "", "an object" },
        { """{"shipped": "no"}""", "shipped", "true or false" },
        { """{"version": "a b"}""", "version", "no name" },
        { """{"providers": {"p q": {}}}""", "providers.p q", "no name" },
        { """{"providers": {"relay": {}}}""", "providers.relay", "site of ours" },
        { """{"providers": {"p": {}}}""", "providers.p", "needs match" },
        { """{"providers": {"p": {"match": []}}}""", "providers.p.match", "empty" },
        { """{"providers": {"p": {"match": [{"mxsuffix": ".x"}]}}}""", "providers.p.match[0]", "MXSuffix, HostName" },
        { """{"providers": {"p": {"match": [{"MXSuffix": "*.x"}]}}}""", "providers.p.match[0].MXSuffix", "host name" },
        { """{"defaults": {"rate": "100/x"}}""", "defaults.rate", "no rate" },
        { """{"defaults": {"rate": 100}}""", "defaults.rate", "a text as in" },
        { """{"defaults": {"connections": 0}}""", "defaults.connections", "1 to 5000" },
        { """{"defaults": {"connections": 1.5}}""", "defaults.connections", "whole number" },
        { """{"defaults": {"tls": "yes"}}""", "defaults.tls", "opportunistic, required" },
        { """{"defaults": {"transactional_reserve": 0.91}}""", "defaults.transactional_reserve", "0 to 0.9" },
        { """{"defaults": {"retry": {"first_delay": "5 min"}}}""", "defaults.retry.first_delay", "not a duration" },
        { """{"defaults": {"retry": {"first_delay": "5h", "max_delay": "4h"}}}""", "defaults.retry", "longer than max_delay (4h)" },
        { """{"domains": {"a..b": {}}}""", "domains.a..b", "not a host name" },
        { """{"domains": {"smarthost": {}}}""", "domains.smarthost", "no domain" },
        { """{"domains": {"a.test": {}, "A.test": {}}}""", "domains.a.test", "same domain" },
        { """{"sources": {"s": {"address": "10.1"}}}""", "sources.s.address", "no IP address" },
        { """{"sources": {"s": {"address": "0.0.0.0"}}}""", "sources.s.address", "no address to send from" },
        { """{"sources": {"s": {"ehlo": "mx one"}}}""", "sources.s.ehlo", "not a host name" },
        { """{"sources": {"s": {"proxy": "ftp://h:1"}}}""", "sources.s.proxy", "socks5" },
        { """{"sources": {"s": {"proxy": "socks5://h"}}}""", "sources.s.proxy", "socks5" },
        { """{"sources": {"s": {"smarthost": {}}}}""", "sources.s.smarthost", "needs a host" },
        { """{"sources": {"s": {"smarthost": {"host": "h", "user": "u"}}}}""", "sources.s.smarthost", "together" },
        { """{"sources": {"s": {"smarthost": {"host": "h", "password": "p"}}}}""",
            "sources.s.smarthost.password", "secrets are not kept" },
        { """{"sources": {"s": {"warm_up": "no"}}}""", "sources.s.warm_up", "no warm-up plan 'no'" },
        { """{"sources": {"s": {"providers": {"gogle": {}}}}}""", "sources.s.providers.gogle", "no provider" },
        { """{"pools": {"default": {}}}""", "pools.default", "needs sources" },
        { """{"pools": {"default": {"sources": {"x": 1}}}}""", "pools.default.sources.x", "no source 'x'" },
        { """{"pools": {"default": {"sources": {"default": 1001}}}}""", "pools.default.sources.default", "1 to 1000" },
        { """{"sources": {"s": {}}, "pools": {"p": {"sources": {"s": 1}}}}""", "pools", "needs a pool 'default'" },
        { """{"pools": {"p": {"sources": {"default": 1}, "stream": "s"}}}""", "pools.p", "without a tenant" },
        { """{"pools": {"default": {"sources": {"default": 1}, "tenant": "t"}}}""", "pools.default", "one tenant's" },
        { """{"streams": [{"pool": "p"}]}""", "streams[0].pool", "no pool 'p'" },
        { """{"pools": {"p": {"sources": {"default": 1}, "tenant": "t"}}, "streams": [{"tenant": "u", "pool": "p"}]}""",
            "streams[0].pool", "dedicated to the tenant 't'" },
        {
            """
            {"pools": {"p": {"sources": {"default": 1}, "tenant": "t", "stream": "a"}}, "streams": [{"tenant": "t",
            "pool": "p"}]}
            """,
            "streams[0].pool", "dedicated to the stream 'a'"
        },
        { Window(""" "from": "8:00", "to": "20:00" """), "streams[0].windows[0].from", "hh:mm" },
        { Window(""" "from": "08:00", "to": "24:00" """), "streams[0].windows[0].to", "midnight is 00:00" },
        { Window(""" "from": "08:00", "to": "08:00" """), "streams[0].windows[0]", "same time" },
        { Window(""" "to": "08:00" """), "streams[0].windows[0]", "needs from" },
        {
            Window(""" "days": ["monday"], "from": "08:00", "to": "09:00" """),
            "streams[0].windows[0].days[0]", "mon, tue"
        },
        {
            Window(""" "from": "08:00", "to": "09:00", "zone": "Mars/Olympus" """),
            "streams[0].windows[0].zone", "time zone"
        },
        { """{"warm_up_plans": {"w": {"stages": [1]}}}""", "warm_up_plans.w", "needs per" },
        { """{"warm_up_plans": {"w": {"per": "day", "stages": []}}}""", "warm_up_plans.w", "needs stages" },
        { """{"warm_up_plans": {"w": {"per": "week", "stages": [1]}}}""", "warm_up_plans.w.per", "hour, day" },
        { Rule(""" "suspend": true, "for": "1h" """), "rules[0]", "needs class or match" },
        { Rule(""" "class": "blocked", "suspend": true """), "rules[0]", "needs for" },
        { Rule(""" "class": "blocked", "for": "1h" """), "rules[0]", "does nothing" },
        {
            Rule(""" "class": "blocked", "suspend": true, "limit": "1/s", "for": "1h" """),
            "rules[0]", "suspend and limit"
        },
        { Rule(""" "class": "blocked", "suspend": false, "for": "1h" """), "rules[0]", "leave it out" },
        {
            Rule(""" "class": "blocked", "limit": "1/s", "back_off": 0.5, "for": "1h" """),
            "rules[0]", "both set the rate"
        },
        {
            Rule(""" "class": "blocked", "back_off": 0.5, "for": "1h", "scope": "tenant" """),
            "rules[0]", "slows the whole lane"
        },
        { Rule(""" "class": "own", "suspend": true, "for": "1h" """), "rules[0].class", "rate_limited" },
        { Rule(""" "class": "blocked", "suspend": true, "for": "31d" """), "rules[0].for", "1s to 30d" },
        { Rule(""" "class": "blocked", "suspend": true, "for": "1h", "trigger": "0/h" """), "rules[0].trigger", "2/h" },
        {
            Rule(""" "class": "blocked", "suspend": true, "for": "1h", "scope": "all" """),
            "rules[0].scope", "lane, tenant"
        },
        { Rule(""" "match": ["(a"], "suspend": true, "for": "1h" """), "rules[0].match[0]", "no regular expression" },
        { Rule(""" "match": ["(?=a)"], "suspend": true, "for": "1h" """), "rules[0].match[0]", "hostile" },
        {
            Rule(""" "match": ["((a{999}){999}){999}"], "suspend": true, "for": "1h" """),
            "rules[0].match[0]", "hostile"
        },
    };

    [Theory]
    [MemberData(nameof(Alone))]
    public void A_fault_is_told_at_its_path_in_words(string json, string path, string words)
    {
        var fault = Assert.Single(Faults(json));

        Assert.Equal(path, fault.Path);
        Assert.True(fault.Line > 0);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once_each_with_its_line()
    {
        var faults = Faults("""
            {
              "defaults": {
                "rate": "fast",
                "conections": 3
              },
              "sources": {"ip1": {"warm_up": "nobody"}},
              "rules": [
                {"id": "a", "class": "blocked", "suspend": true, "for": "1h"},
                {"id": "a", "class": "blocked", "suspend": true, "for": "1y"}
              ]
            }
            """);

        Assert.Equal(
            ["3 defaults.rate", "4 defaults.conections", "6 sources.ip1.warm_up", "9 rules[1].for", "9 rules[1]"],
            faults.Select(f => $"{f.Line} {f.Path}"));
    }

    [Fact]
    public void What_is_there_but_faulty_is_not_called_missing() =>
        Assert.Equal(["sources.ip1"], Faults(
            """{"sources": {"ip1": 5}, "pools": {"default": {"sources": {"ip1": 1}}}}""").Select(f => f.Path));

    [Fact]
    public void A_property_twice_is_a_fault()
    {
        var fault = Assert.Single(Faults("{\"shipped\": true,\n\"shipped\": false}"));

        Assert.Equal((2, "shipped"), (fault.Line, fault.Path));
        Assert.Contains("line 1", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n\"a\": }", 2)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{\n\"version\":\n\"\\ud800\"}", 3)]
    public void What_is_no_json_has_its_line(string text, int line) =>
        Assert.Equal(line, Assert.Single(Faults(text)).Line);

    [Fact]
    public void Bytes_that_are_no_text_are_a_fault() =>
        Assert.IsType<ShapingReading.Faulty>(
            ShapingReader.Read(Encoding.Latin1.GetBytes("{\"version\": \"ü\"}"), "f"));

    [Fact]
    public void At_fifty_faults_it_stops_telling() =>
        Assert.Equal(50, Faults($"{{{Many(60, i => $"\"x{i}\": 1")}}}").Length);

    [Fact]
    public void A_mark_at_the_begin_of_the_file_is_no_fault() => Assert.Empty(Faults("\uFEFF{}"));

    /// <summary>A key pressed by mistake anywhere, or a character lost.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("{")]
    [InlineData("9")]
    [InlineData("\\")]
    public void Whatever_was_typed_the_answer_is_a_value(string typed)
    {
        const string File = """
            {"version": "v", "defaults": {"rate": "1/s", "retry": {"first_delay": "1m"}}, "providers": {"p": {"match":
            [{"MXSuffix": ".x"}], "total": {"rate": "1/s"}}}, "domains": {"ü.test": {}}, "sources": {"s": {"address":
            "::1", "proxy": "socks5://h:1", "smarthost": {"host": "h"}, "domains": {"d.test": {"tls": "required"}}}},
            "streams": [{"windows": [{"days": ["mon"], "from": "08:00", "to": "09:00", "zone": "Europe/Berlin"}]}],
            "warm_up_plans": {"w": {"per": "day", "stages": [1, 2]}}, "rules": [{"id": "r", "match": ["(a|b)+"],
            "trigger": "2/h", "limit": "1/s", "for": "00:10:00", "scope": "tenant"}]}
            """;

        Assert.IsType<ShapingReading.Good>(Read(File));
        for (var i = 0; i < File.Length; i++) Assert.NotNull(Read(File[..i] + typed + File[(i + 1)..]));
    }

    private static string Window(string fields) => $$"""{"streams": [{"windows": [{{{fields}}}]}]}""";
    private static string Rule(string fields) => $$"""{"rules": [{"id": "r", {{fields}}}]}""";
}
