using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>Files of megabytes: they lie in pieces from the door to the receiver, and arrive octet for octet.</summary>
[Collection(Strict.Name)]
public class LargeMails(Strict server)
{
    private readonly string _shop = Mails.Unique("shop"), _ours = $"{Mails.Unique("sender")}.test", _to = server.Domain();

    private static byte[] File(int bytes, int seed)
    {
        var file = new byte[bytes];
        new Random(seed).NextBytes(file);
        return file;
    }

    private static byte[] BytesOf(MimeEntity part)
    {
        using var bytes = new MemoryStream();
        ((MimePart)part).Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Both signatures hold over all of it.</summary>
    private async Task IsSigned(AkkaMail.TestSink.SunkMail mail)
    {
        using var directory = new MailDirectory();
        directory.Add(mail.Bytes, new("127.0.0.1", "mail.engine.test", mail.MailFrom));
        var verdict = Assert.Single(await directory.MailauthAsync($"127.0.0.1:{server.Dns.Port}"));
        Assert.Equal("pass pass", string.Join(' ', verdict.Dkim.Select(d => d.Result)));
    }

    [Fact]
    public async Task Files_of_a_call_arrive_as_they_were_and_the_raw_mail_is_what_was_sent()
    {
        await server.Installation.Make("/v1/tenants", new { name = _shop });
        await server.Verify(_ours, _shop);
        using var api = new Api(server.Installation.Server.Url, tenant: _shop);
        byte[][] files = [File(3_000_000, 1), File(10, 2), File(100_000, 3)];

        var id = (await api.Send(new
        {
            from = $"shop@{_ours}",
            to = $"ann@{_to}",
            subject = "Files",
            text = "See the files.",
            attachments = files.Select((f, i) => new { filename = $"{i}.bin", content = Convert.ToBase64String(f) }),
        }))[0];
        var story = await api.Ended(id);

        Assert.Equal("delivered", story.Status);
        var sunk = server.SunkAt(_to).Single();
        var mail = await MimeMessage.LoadAsync(new MemoryStream(sunk.Bytes));
        Assert.Equal(files, mail.Attachments.Select(BytesOf));
        await IsSigned(sunk);
        Assert.Equal(sunk.Bytes, await api.Http.GetByteArrayAsync($"/v1/messages/{id}/raw"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told_as_for_a_small_one()
    {
        using var wrong = await server.Api.Post(new
        {
            from = "shop@x.test",
            to = "ann@y.test",
            subject = "x",
            text = "x",
            attachments = new[] { new { filename = "a", content = new string('A', 2_000_001) } },
        });

        Assert.Equal(422, (int)wrong.StatusCode);
        Assert.Contains("attachments[0].content", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_a_program_hands_in_arrives_with_our_labels_above_it_and_is_signed_over_all_of_it()
    {
        await server.Installation.Make("/v1/tenants", new { name = _shop });
        await server.Verify(_ours, _shop);
        var mail = new MimeMessage();
        mail.From.Add(MailboxAddress.Parse($"shop@{_ours}"));
        mail.To.Add(MailboxAddress.Parse($"ann@{_to}"));
        mail.Subject = "A file";
        var builder = new BodyBuilder { TextBody = "See the file.\r\n" };
        builder.Attachments.Add("file.bin", File(3_000_000, 4));
        mail.Body = builder.ToMessageBody();

        using var client = new SmtpClient
        {
            ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=mail.engine.test",
        };
        await client.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.StartTls);
        await client.AuthenticateAsync(_shop, AkkaMail.Rig.ServerProcess.AdminKey);
        var answer = await client.SendAsync(mail);

        var story = await server.Api.Ended($"{answer.Split(' ').Last(w => w.Length > 20)}-0");
        Assert.Equal("delivered", story.Status);
        var sunk = server.SunkAt(_to).Single();
        var read = await MimeMessage.LoadAsync(new MemoryStream(sunk.Bytes));
        Assert.Equal(File(3_000_000, 4), BytesOf(read.Attachments.Single()));
        await IsSigned(sunk);
        Assert.Equal(sunk.Bytes, await server.Api.Http.GetByteArrayAsync($"/v1/messages/{story.Id}/raw"));
    }
}
