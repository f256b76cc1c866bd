using AkkaMail.Core.Attempts;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using AkkaMail.Smtp.Tests.Resolving;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class TlsPolicyTests(Dnsmasq dns) : IClassFixture<Dnsmasq>, IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    private SmtpDelivery To(int port) => Deliveries.To(port, Mail(), o => o with { TrustedRoots = _ca.Roots });

    private static Route Asking(TlsPolicy tls) =>
        Way with { Limits = Allowing(new() { Tls = tls, MessagesPerConnection = 1 }) };

    public static TheoryData<string, bool, string?> Certificates => new()
    {
        { "127.0.0.1", false, null },
        { "other.test", false, "TLS failed: the certificate is not for 127.0.0.1" },
        { "127.0.0.1", true, "TLS failed: the certificate has expired or is not valid yet" },
    };

    [Theory]
    [MemberData(nameof(Certificates))]
    public async Task Verified_takes_only_a_certificate_that_is_valid_for_the_host(
        string name, bool isExpired, string? words)
    {
        using var certificate = _ca.Issue(name, isExpired);
        await using var sink = await TestSink.TestSink.StartAsync(new() { Certificate = certificate });
        await using var delivery = To(sink.Port);

        var verified = await delivery.Once(Asking(TlsPolicy.Verified));
        var required = await delivery.Once(Asking(TlsPolicy.Required));

        Assert.Equal((250, "TLSv1.3"), (required.Reply.Code, required.Tls));
        if (words is null) Assert.Equal((250, "TLSv1.3"), (verified.Reply.Code, verified.Tls));
        else Assert.Equal((SmtpReply.None(words), SmtpStep.StartTls), (verified.Reply, verified.Step));
    }

    [Fact]
    public async Task Verified_does_not_take_a_certificate_of_an_unknown_authority()
    {
        using var certificate = _ca.Issue("127.0.0.1");
        await using var sink = await TestSink.TestSink.StartAsync(new() { Certificate = certificate });
        await using var delivery = Deliveries.To(sink.Port, Mail());

        var attempt = await delivery.Once(Asking(TlsPolicy.Verified));

        Assert.Equal("TLS failed: the certificate is not from a trusted authority", attempt.Reply.Text);
        Assert.Empty(sink.Mails);
    }

    [Theory]
    [InlineData(TlsPolicy.Required)]
    [InlineData(TlsPolicy.Verified)]
    public async Task A_host_without_STARTTLS_is_passed_over_where_TLS_is_required(TlsPolicy tls)
    {
        using var certificate = _ca.Issue("alive.backup.test");
        await using var able = await TestSink.TestSink.StartAsync(
            new() { Address = System.Net.IPAddress.Parse("127.0.0.52"), Certificate = certificate });
        await using var plain = await TestSink.TestSink.StartAsync(
            new() { Address = System.Net.IPAddress.Parse("127.0.0.51"), Port = able.Port });
        await using var both = Deliveries.ByMx(dns.EndPoint, able.Port, Mail("u@backup.test"),
            o => o with { TrustedRoots = _ca.Roots });
        await using var lone = await TestSink.TestSink.StartAsync();
        await using var only = To(lone.Port);

        var attempt = await both.Once(Asking(tls));
        var refused = await only.Once(Asking(tls));

        Assert.Equal((250, $"alive.backup.test[127.0.0.52]:{able.Port}"), (attempt.Reply.Code, attempt.Mx));
        Assert.Equal(
            (SmtpReply.None("This route requires TLS, and the receiver has not offered STARTTLS"), SmtpStep.StartTls),
            (refused.Reply, refused.Step));
    }

    [Fact]
    public async Task Broken_TLS_that_is_remembered_never_lets_required_mail_into_the_open()
    {
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (line != "STARTTLS") return false;
            await peer.Say("220 go ahead");
            throw new IOException("broken");
        }, "STARTTLS"));
        await using var delivery = To(server.Port);

        var opportunistic = await delivery.Once(Asking(TlsPolicy.Opportunistic));
        var required = await delivery.Once(Asking(TlsPolicy.Required));
        var again = await delivery.Once(Asking(TlsPolicy.Opportunistic));

        Assert.Equal((250, 0, 250), (opportunistic.Reply.Code, required.Reply.Code, again.Reply.Code));
        Assert.Equal((AttemptEnd.Answered, SmtpStep.StartTls), (required.End, required.Step));
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task Broken_TLS_is_tried_again_when_its_time_is_over()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Noon);
        var startTls = 0;
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (line != "STARTTLS") return false;
            startTls++;
            await peer.Say("454 not today");
            return true;
        }, "STARTTLS"));
        await using var delivery = Deliveries.To(server.Port, Mail(), time: time);

        await delivery.Once(Asking(TlsPolicy.Opportunistic));
        time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        await delivery.Once(Asking(TlsPolicy.Opportunistic));
        Assert.Equal(1, startTls);
        time.Advance(TimeSpan.FromSeconds(1));
        await delivery.Once(Asking(TlsPolicy.Opportunistic));

        Assert.Equal(2, startTls);
    }

    [Fact]
    public async Task Disabled_speaks_plain_text_even_where_TLS_is_offered()
    {
        using var certificate = _ca.Issue("127.0.0.1");
        await using var sink = await TestSink.TestSink.StartAsync(new() { Certificate = certificate });
        await using var delivery = To(sink.Port);

        var attempt = await delivery.Once(Asking(TlsPolicy.Disabled));

        Assert.Equal((250, null), (attempt.Reply.Code, attempt.Tls));
    }
}
