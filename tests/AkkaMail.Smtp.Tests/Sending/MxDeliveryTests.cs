using System.Net;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class MxDeliveryTests(Dnsmasq dns) : IClassFixture<Dnsmasq>
{
    private static Task<TestSink.TestSink> Sink(string address, int port = 0, int connectionsMax = 100) =>
        TestSink.TestSink.StartAsync(
            new() { Address = IPAddress.Parse(address), Port = port, ConnectionsMax = connectionsMax });

    [Fact]
    public async Task Twenty_domains_get_their_mail_at_their_own_hosts()
    {
        await using var first = await Sink("127.0.0.11");
        var sinks = new List<TestSink.TestSink> { first };
        for (var i = 1; i < 20; i++)
            sinks.Add(await Sink($"127.0.0.{11 + i}", first.Port));

        for (var i = 0; i < 20; i++)
        {
            await using var delivery = Deliveries.ByMx(dns.EndPoint, first.Port, Mail($"u@d{i}.test"));
            var attempt = await delivery.Once();
            Assert.Equal((250, $"mx.d{i}.test[127.0.0.{11 + i}]:{first.Port}"), (attempt.Reply.Code, attempt.Mx));
        }

        Assert.All(sinks, sink => Assert.Single(sink.Mails));
        foreach (var sink in sinks) await sink.DisposeAsync();
    }

    [Fact]
    public async Task A_host_that_refuses_the_connection_is_followed_by_the_next()
    {
        await using var alive = await Sink("127.0.0.52");
        await using var delivery = Deliveries.ByMx(dns.EndPoint, alive.Port, Mail("u@backup.test"));

        var attempt = await delivery.Once();

        Assert.Equal((250, $"alive.backup.test[127.0.0.52]:{alive.Port}"), (attempt.Reply.Code, attempt.Mx));
    }

    [Fact]
    public async Task A_host_in_the_inner_network_is_passed_over_for_the_next()
    {
        await using var alive = await Sink("127.0.0.52");
        await using var delivery = Deliveries.ByMx(dns.EndPoint, alive.Port, Mail("u@half.test"));

        Assert.Equal(250, (await delivery.Once()).Reply.Code);
    }

    [Theory]
    [InlineData("u@inner.test", 550)]
    [InlineData("u@literal.test", 550)]
    [InlineData("u@dead.test", 0)]   // One host may come back.
    public async Task A_domain_that_leads_nowhere_but_inside_is_refused_without_a_connection(string to, int code)
    {
        await using var alive = await Sink("127.0.0.52");
        await using var delivery = Deliveries.ByMx(dns.EndPoint, alive.Port, Mail(to));

        var attempt = await delivery.Once();

        Assert.Equal(code, attempt.Reply.Code);
        if (code == 550) Assert.Equal(Core.Replies.SmtpStep.Dns, attempt.Step);
    }

    [Fact]
    public async Task When_every_host_refuses_the_connection_nobody_has_answered()
    {
        await using var alive = await TestSink.TestSink.StartAsync();   // A port that is free on .51 and .52.
        await using var delivery = Deliveries.ByMx(dns.EndPoint, alive.Port, Mail("u@backup.test"));

        var attempt = await delivery.Once();

        Assert.Equal(SmtpReply.None("Connection refused"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.Connect, $"alive.backup.test[127.0.0.52]:{alive.Port}"),
            (attempt.End, attempt.Step, attempt.Mx));
    }

    [Fact]
    public async Task The_first_hosts_verdict_stands_and_the_second_is_not_asked()
    {
        await using var second = await Sink("127.0.0.52");
        await using var first = await Sink("127.0.0.51", second.Port);
        await using var delivery = Deliveries.ByMx(dns.EndPoint, second.Port, Mail("tempfail@backup.test"));

        var attempt = await delivery.Once();

        Assert.Equal((451, $"dead.backup.test[127.0.0.51]:{first.Port}"), (attempt.Reply.Code, attempt.Mx));
        Assert.Equal((1, 0), (first.Connections, second.Connections));
    }

    [Fact]
    public async Task A_421_for_a_banner_is_followed_by_the_next_host()
    {
        await using var second = await Sink("127.0.0.52");
        await using var full = await Sink("127.0.0.51", second.Port, connectionsMax: 0);
        await using var delivery = Deliveries.ByMx(dns.EndPoint, second.Port, Mail("u@backup.test"));

        Assert.Equal(250, (await delivery.Once()).Reply.Code);
        Assert.Single(second.Mails);
    }

    [Theory]
    [InlineData("u@null.test", 556)]
    [InlineData("u@missing.test", 550)]
    public async Task A_domain_without_a_way_in_ends_at_dns(string to, int code)
    {
        await using var delivery = Deliveries.ByMx(dns.EndPoint, 25, Mail(to));

        var attempt = await delivery.Once();

        Assert.Equal((code, SmtpStep.Dns, AttemptEnd.Answered, (string?)null),
            (attempt.Reply.Code, attempt.Step, attempt.End, attempt.Mx));
    }

    [Fact]
    public async Task The_second_address_of_a_host_is_tried_when_the_first_refuses()
    {
        await using var four = await TestSink.TestSink.StartAsync();   // Not on ::1.
        await using var delivery = Deliveries.ByMx(dns.EndPoint, four.Port, Mail("u@both.test"));

        Assert.Equal(250, (await delivery.Once()).Reply.Code);
    }
}
