using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AkkaMail.Smtp.Tests.Receiving;

/// <summary>A client that verifies needs what stands between the certificate and its root (RFC 8446 §4.4.2).</summary>
public sealed class ChainTests
{
    private static readonly DateTimeOffset From = TimeProvider.System.GetUtcNow().AddDays(-1), To = From.AddYears(1);

    [Fact]
    public async Task The_client_gets_the_certificate_and_who_has_signed_it()
    {
        using var root = Authority("CN=root", null);
        using var middle = Authority("CN=middle", root);
        using var leaf = Issued("CN=mx.test", middle);
        await using var server = await ListeningReceiver.StartAsync(o => o with { Certificate = leaf, Chain = [middle] });
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, server.Port);
        using var reader = new StreamReader(tcp.GetStream(), leaveOpen: true);
        await reader.ReadLineAsync();
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("EHLO me.test\r\n"));
        while ((await reader.ReadLineAsync())![3] == '-') { }
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes("STARTTLS\r\n"));
        await reader.ReadLineAsync();

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "mx.test",
            CertificateChainPolicy = policy,
        });

        Assert.Equal("CN=mx.test", tls.RemoteCertificate!.Subject);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? by)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return by is null ? request.CreateSelfSigned(From, To)
            : request.Create(by, From, To.AddHours(-1), [1]).CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Issued(string name, X509Certificate2 by)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("mx.test");
        request.CertificateExtensions.Add(names.Build());
        return request.Create(by, From, To.AddHours(-2), [2]).CopyWithPrivateKey(key);
    }
}
