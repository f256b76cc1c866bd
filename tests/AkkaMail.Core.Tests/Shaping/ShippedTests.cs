using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using static AkkaMail.Core.Tests.Shaping.ShapingTexts;

namespace AkkaMail.Core.Tests.Shaping;

public sealed class ShippedTests
{
    private static readonly ShapingRules Shipped = ShapingReader.Shipped;

    [Fact]
    public void The_shipped_file_holds_against_its_own_checks() => Assert.Empty(Faults("{}"));

    [Fact]
    public void What_holds_when_no_file_says_anything_is_what_is_shipped()
    {
        Assert.Equal(Of(Shipped), Of(new("v")));

        static (int, int, TlsPolicy, double) Of(ShapingRules rules) =>
            LaneLimits.Of(rules, "default", "a.test") is var l
                ? (l.Connections, l.MessagesPerConnection, l.Tls, rules.TransactionalReserve) : default;
    }

    /// <summary>Names of real MX hosts.</summary>
    [Theory]
    [InlineData("google", "aspmx.l.google.com", "alt1.aspmx.l.google.com", "aspmx2.googlemail.com")]
    [InlineData("google", "smtp.google.com")]
    [InlineData("outlook", "hotmail-com.olc.protection.outlook.com")]
    [InlineData("office365", "example-com.mail.protection.outlook.com")]
    [InlineData("yahoo", "mta5.am0.yahoodns.net", "mta6.am0.yahoodns.net")]
    [InlineData("apple", "mx01.mail.icloud.com", "mx02.mail.icloud.com")]
    [InlineData("gmx", "mx00.gmx.net", "mx01.gmx.net")]
    [InlineData("gmx", "mx-ha02.web.de")]
    [InlineData("mailru", "mxs.mail.ru")]
    [InlineData("qq", "mx1.qq.com", "mx2.qq.com")]
    [InlineData("netease", "163mx01.mxmail.netease.com")]
    [InlineData("mimecast", "eu-smtp-inbound-1.mimecast.com")]
    [InlineData("proofpoint", "mxa-00000000.gslb.pphosted.com")]
    [InlineData("proofpoint", "mx1-eu1.ppe-hosted.com")]
    [InlineData("barracuda", "d1000a.ess.barracudanetworks.com")]
    [InlineData("t-online", "mx00.t-online.de")]
    public void A_known_receiver_is_found_by_its_hosts(string provider, params string[] hosts) =>
        Assert.Equal(provider, Sites.Of(Shipped, "example.com", hosts).Site);

    /// <summary>
    /// A reply, at which site it comes, and the rules it counts for. "Too fast" and "too many" count for none: what is
    /// learnt from them is better than a fixed cut.
    /// </summary>
    [Theory]
    [InlineData("yahoo", "421 4.7.0 [TSS04] Messages temporarily deferred", "yahoo-volume")]
    [InlineData("google", "421 4.7.28 an unusual rate of mail", "google-unusual-rate")]
    [InlineData("outlook", "550 5.7.1 on our block list (S3140).", "outlook-listed blocked")]
    [InlineData("outlook", "451 4.7.500 Server busy", "")]
    [InlineData("gmx", "421 Too many connections", "")]
    [InlineData("comcast", "421 4.1.0 Throttled RL000001", "")]
    [InlineData("orange", "421 mwinf ME OFR004_104", "")]
    [InlineData("qq", "550 Connection frequency limited", "")]
    [InlineData("t-online", "554 IP=192.0.2.1 - A problem occurred. (Ask tosa@rx.t-online.de)", "t-online-refused blocked")]
    [InlineData("example.net", "451 4.7.650 rate limited", "")]
    [InlineData("example.net", "550 5.1.1 User unknown", "")]
    public void A_reply_counts_for_its_rules(string site, string reply, string ids)
    {
        var parsed = SmtpReply.Parse(int.Parse(reply.AsSpan(0, 3)), reply[4..]);
        var @class = BounceRulesReader.Shipped.Judge(parsed, AttemptEnd.Answered, SmtpStep.MailFrom, null).Class;

        var fits = Shipped.Rules.Where(rule => (rule.Site ?? site) == site && (rule.Class ?? @class) == @class
            && (rule.Patterns.IsEmpty || rule.Patterns.Any(p => p.IsIn(parsed))));

        Assert.Equal(ids, string.Join(' ', fits.Select(rule => rule.Id)));
    }

    /// <summary>What the code has for rules made by hand is what the shipped file says: one default, told twice.</summary>
    [Fact]
    public void What_is_built_in_is_what_is_shipped()
    {
        var (made, shipped) = (new ShapingRules("made"), ShapingReader.Shipped);
        var (bare, limits) = (LaneLimits.Of(made, "s", "x.test"), LaneLimits.Of(shipped, "s", "x.test"));

        Assert.Equal(made.TransactionalReserve, shipped.TransactionalReserve);
        Assert.Equal(
            (bare.Connections, bare.MessagesPerConnection, bare.Tls),
            (limits.Connections, limits.MessagesPerConnection, limits.Tls));
    }

    [Fact]
    public void A_file_replaces_what_has_its_name_and_comes_first()
    {
        var rules = RulesOf("""
            {"providers": {"google": {"limits": {"connections": 2}}, "mine": {"match": [{"HostName": "mx.test"}]}},
             "rules": [{"id": "blocked", "class": "blocked", "suspend": true, "for": "5m"}],
             "warm_up_plans": {"ses-45": {"per": "day", "stages": [1]}}}
            """);

        Assert.Equal(["google", "mine", "outlook"], rules.Providers.Take(3).Select(p => p.Name));
        Assert.Equal(Shipped.Providers[0].Match, rules.Providers[0].Match);   // It says none: the hosts are known.
        Assert.Null(rules.Providers[0].Limits.Tls);
        Assert.Equal(("blocked", TimeSpan.FromMinutes(5)), (rules.Rules[0].Id, rules.Rules[0].For));
        Assert.Equal(Shipped.Rules.Length, rules.Rules.Length);
        Assert.Equal([1], rules.WarmUpPlans["ses-45"].Stages.ToArray());
        Assert.Equal("shaping.json:2", rules.Origins["rules.blocked"]);
        Assert.DoesNotContain("providers.google.limits.tls", rules.Origins);
    }

    [Fact]
    public void Shipped_false_leaves_providers_rules_and_plans_out_but_not_the_default_limits()
    {
        var rules = RulesOf("""{"shipped": false}""");

        Assert.Empty(rules.Providers);
        Assert.Empty(rules.Rules);
        Assert.Empty(rules.WarmUpPlans);
        Assert.Equal(10, rules.Defaults.Connections);
    }

    [Theory]
    [InlineData("sendgrid", 1, 42, 20, 19_601_056)]
    [InlineData("sparkpost", 24, 29, 200, 10_000_000)]
    [InlineData("ses-45", 24, 45, 1_112, 50_000)]
    public void A_plan_has_its_stages(string name, int hours, int stages, long first, long last)
    {
        var plan = Shipped.WarmUpPlans[name];

        Assert.Equal((TimeSpan.FromHours(hours), stages, first, last),
            (plan.Per, plan.Stages.Length, plan.Stages[0], plan.Stages[^1]));
        Assert.Equal(plan.Stages.Order().ToArray(), plan.Stages.ToArray());
    }
}
