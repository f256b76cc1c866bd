using AkkaMail.EndToEnd.Tests.World;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Whoever brings mail finds encryption, also where nobody has given the server a certificate.</summary>
[Collection(Listening.Name)]
public sealed class OwnCertificate(Listening server)
{
    [Fact]
    public async Task Without_a_certificate_it_makes_one_with_its_name()
    {
        string? subject = null;
        using var client = new SmtpClient
        {
            ServerCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate?.Subject) is not null,
        };

        await client.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.StartTls);

        Assert.Equal(("CN=mail.engine.test", true), (subject, client.IsSecure));
        await client.DisconnectAsync(quit: true);
    }
}
