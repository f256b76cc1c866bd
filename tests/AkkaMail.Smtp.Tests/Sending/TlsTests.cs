using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Sending;
using AkkaMail.TestSink;
using static AkkaMail.Smtp.Tests.Mails;

namespace AkkaMail.Smtp.Tests.Sending;

public sealed class TlsTests
{
    public static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=sink.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    [Fact]
    public async Task Offered_TLS_is_used_without_asking_who_it_is()
    {
        using var certificate = Certificate();
        await using var sink = await TestSink.TestSink.StartAsync(new() { Certificate = certificate });
        await using var delivery = Deliveries.To(sink.Port, Mail());

        var first = await delivery.Once();
        var second = await delivery.Once();

        Assert.Equal(("TLSv1.3", "TLSv1.3"), (first.Tls, second.Tls));
        Assert.All(sink.Mails, mail => Assert.True(mail.WasEncrypted));
        Assert.Equal((2, 1), (sink.Mails.Count, sink.Connections));
        Assert.Equal(Composed(Mail()).ToBytes(), sink.Mails.First().Bytes);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("close")]
    [InlineData("454 4.7.0 TLS is not available")]
    public async Task Broken_TLS_means_plain_text_for_this_host_from_then_on(string breakage)
    {
        var startTls = 0;
        await using var server = new ScriptedServer((peer, _) => peer.Serve(async line =>
        {
            if (line != "STARTTLS") return false;
            startTls++;
            if (breakage[0] == '4') { await peer.Say(breakage); return true; }
            await peer.Say("220 go ahead");
            if (breakage == "garbage") await peer.Say("this is no TLS at all");
            throw new IOException("broken");
        }, "STARTTLS"));
        await using var delivery = Deliveries.To(server.Port, Mail());
        var way = Way with { Limits = Allowing(new() { MessagesPerConnection = 1 }) };

        var first = await delivery.Once(way);
        var second = await delivery.Once(way);

        Assert.Equal([(250, null), (250, null)], new[] { first, second }.Select(a => (a.Reply.Code, a.Tls)));
        Assert.Equal((1, 3), (startTls, server.Connections));
    }
}
