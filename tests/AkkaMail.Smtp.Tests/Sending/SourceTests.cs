using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class SourceTests(Dnsmasq dns) : IClassFixture<Dnsmasq>
{
    private readonly ConcurrentQueue<string> _seen = new();

    private static Source Out(string name) => new() { Name = name, Address = IPAddress.Parse("127.0.0.61") };

    private ScriptedServer Server() => new((peer, _) => peer.Serve(line =>
    {
        if (line.StartsWith("EHLO", StringComparison.Ordinal)) _seen.Enqueue($"{peer.From} {line}");
        return Task.FromResult(false);
    }));

    [Fact]
    public async Task A_source_leaves_from_its_address_under_its_name()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail());
        var way = Way with { Source = Out("out1") with { EhloName = "out1.test" } };

        var attempt = await delivery.Once(way);

        Assert.Equal("127.0.0.61 EHLO out1.test", Assert.Single(_seen));
        Assert.Equal((250, "out1"), (attempt.Reply.Code, attempt.Source));
    }

    [Fact]
    public async Task The_default_source_leaves_from_the_configured_address_and_is_shown_as_it()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail(),
            o => o with { SourceAddress = IPAddress.Parse("127.0.0.62") });

        var attempt = await delivery.Once();

        Assert.Equal("127.0.0.62 EHLO me.test", Assert.Single(_seen));
        Assert.Equal("127.0.0.62", attempt.Source);
    }

    [Fact]
    public async Task Each_source_keeps_its_own_connections_and_a_changed_one_starts_anew()
    {
        await using var server = Server();
        await using var delivery = Deliveries.To(server.Port, Mail());
        Source[] sources =
        [
            Out("out1"),
            Out("out2"),
            Out("out1") with { Limits = new() { Connections = 5 } },   // To a receiver it is as before.
            Out("out1") with { EhloName = "new.test" },
        ];

        foreach (var source in sources) await delivery.Once(Way with { Source = source });

        Assert.Equal(["EHLO me.test", "EHLO me.test", "EHLO new.test"], _seen.Select(s => s[(s.IndexOf(' ') + 1)..]));
    }

    [Fact]
    public async Task An_IPv4_source_does_not_try_a_hosts_IPv6_addresses()
    {
        await using var six = await TestSink.TestSink.StartAsync(new() { Address = IPAddress.IPv6Loopback });
        await using var four = await TestSink.TestSink.StartAsync(new() { Port = six.Port });
        await using var both = Deliveries.ByMx(dns.EndPoint, six.Port, Mail("u@both.test"));
        await using var only = Deliveries.ByMx(dns.EndPoint, six.Port, Mail("u@six.test"));
        var way = Way with { Source = Out("out1") };

        Assert.True((await both.Once(way)).Reply.IsAccepted);
        var attempt = await only.Once(way);

        Assert.Equal((1, 0), (four.Connections, six.Connections));
        Assert.Equal(
            SmtpReply.None("The source out1 has an IPv4 address, the host mx.six.test only IPv6 ones"), attempt.Reply);
        Assert.Equal((AttemptEnd.Answered, SmtpStep.Connect), (attempt.End, attempt.Step));
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_said_to_be_so()
    {
        await using var delivery = Deliveries.To(1, Mail());
        var way = Way with { Source = Out("out1") with { Address = IPAddress.Parse("192.0.2.1") } };

        var attempt = await delivery.Once(way);

        Assert.Equal((SmtpReply.None("The source's address is not on this machine"), SmtpStep.Connect, "out1"),
            (attempt.Reply, attempt.Step, attempt.Source));
    }
}
