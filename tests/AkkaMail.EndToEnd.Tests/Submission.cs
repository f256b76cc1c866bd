using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Smtp.Tests.Peers;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Mail that programs hand in by SMTP, with a key for a password: MailKit as the client, dnsmasq as DNS, npm's mailauth as
/// who receives it.
/// </summary>
[Collection(Strict.Name)]
public sealed partial class Submission(Strict server) : IAsyncLifetime
{
    private readonly string _shop = Mails.Unique("shop"), _ours = $"{Mails.Unique("sender")}.test";
    private readonly string _to = server.Domain(), _other = server.Domain();
    private Api? _tenant;
    private string _key = "";

    private Api Api => server.Api;

    /// <summary>Sees the tenant's messages and no others.</summary>
    private Api Shop => _tenant ??= new(server.Installation.Server.Url, tenant: _shop);

    public async Task InitializeAsync()
    {
        await server.Installation.Make("/v1/tenants", new { name = _shop });
        _key = await Key("send", "read", "manage");
        await server.Verify(_ours, _shop);
    }

    [Theory]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    [InlineData(SecureSocketOptions.None)]
    public async Task A_program_that_knows_only_SMTP_sends_and_its_mail_is_signed_and_told_like_any_other(SecureSocketOptions tls)
    {
        var mail = Mail("Receipt", $"shop@{_ours}");
        mail.Headers.Add("X-AkkaMail-Tags", "paper, spring");
        mail.Bcc.Add(MailboxAddress.Parse($"boss@{_other}"));

        using var client = await LoggedIn(tls);
        var answer = await client.SendAsync(mail);

        var id = IdIn(answer);
        var (first, second) = (await Api.Ended($"{id}-0"), await Api.Ended($"{id}-1"));
        Assert.Equal(("accepted attempt delivered", "Receipt", $"ann@{_to}"), (first.Types, first.Subject, first.To));
        Assert.Equal(("delivered", $"boss@{_other}", "paper spring"),
            (second.Status, second.To, string.Join(' ', second.Tags)));
        var sunk = server.SunkAt(_to).Single();
        var text = Encoding.ASCII.GetString(sunk.Bytes);
        Assert.DoesNotContain("X-AkkaMail", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("boss@", text, StringComparison.Ordinal);
        Assert.Contains($"Received: by mail.engine.test (AkkaMail) with ESMTP{(tls == SecureSocketOptions.None ? "A" : "SA")};",
            text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nThank you.\r\n.dot\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"@bounce.{_ours}", sunk.MailFrom, StringComparison.Ordinal);
        Assert.Equal(sunk.Bytes, await Api.Http.GetByteArrayAsync($"/v1/messages/{first.Id}/raw"));
        var altered = sunk.Bytes.ToArray();
        altered[^5] ^= 1;
        var verdicts = await Judge(sunk.MailFrom, sunk.Bytes, altered);
        Assert.Equal(["pass pass", "neutral neutral"],
            verdicts.Select(v => string.Join(' ', v.Dkim.Select(d => d.Result))));
        Assert.All(verdicts, v => Assert.Equal("pass", v.Spf));
    }

    [Fact]
    public async Task A_mail_without_a_date_or_id_gets_them_and_a_broadcast_its_way_out()
    {
        using var client = await LoggedIn();
        var mail = Mail("News");
        foreach (var name in (string[])["Date", "Message-ID"]) mail.Headers.Remove(name);
        mail.Headers.Add("X-AkkaMail-Stream", "broadcast");

        var story = await Api.Ended($"{IdIn(await client.SendAsync(mail))}-0");

        Assert.Equal(("delivered", "broadcast", "smtp"), (story.Status, story.Stream, story.Door));
        Assert.True(story.Key is not null && story.Bytes > 100, $"{story.Key} {story.Bytes}");
        var text = Encoding.ASCII.GetString(server.SunkAt(_to).Single().Bytes);
        Assert.Matches(@"\r\nDate: \w{3}, ", text);
        Assert.Contains($"\r\nMessage-Id: <{story.Id}@{_ours}>\r\n", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nFeedback-ID: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_right_key_sends_nothing()
    {
        using var stranger = Client();
        await stranger.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.StartTls);
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => stranger.SendAsync(Mail("Spam")));
        Assert.Contains("AUTH", refused.Message, StringComparison.Ordinal);

        foreach (var (key, says) in new[] { ("guess", "missing or wrong"), (await Key("read"), "send is needed") })
        {
            using var client = Client();
            await client.ConnectAsync("127.0.0.1", server.SmtpPort, SecureSocketOptions.StartTls);
            var wrong = await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("apikey", key));
            Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, await server.Accepted(_shop));
    }

    [Fact]
    public async Task Nobody_sends_as_somebody_else()
    {
        var (other, theirs) = (Mails.Unique("other"), $"{Mails.Unique("other")}.test");
        await server.Installation.Make("/v1/tenants", new { name = other });
        await server.Verify(theirs, other);
        using var client = await LoggedIn();

        foreach (var from in (string[])[$"shop@{theirs}", "shop@nobody.test"])
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("x", from)));
            Assert.Equal((SmtpStatusCode.MailboxUnavailable, true),
                (refused.StatusCode, refused.Message.Contains("not verified for this tenant", StringComparison.Ordinal)));
        }
        Assert.Equal((0, 0), (await server.Accepted(_shop), await server.Accepted(other)));
    }

    [Fact]
    public async Task A_repeat_with_its_key_is_the_first_submission_and_with_another_subject_it_is_refused()
    {
        using var client = await LoggedIn();
        MimeMessage Keyed(string subject)
        {
            var mail = Mail(subject);
            mail.Headers.Add("X-AkkaMail-Idempotency-Key", "order-17");
            return mail;
        }

        var (first, again) = (await client.SendAsync(Keyed("Receipt")), await client.SendAsync(Keyed("Receipt")));
        var other = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Keyed("Another")));

        Assert.Equal(IdIn(first), IdIn(again));
        Assert.Contains(IdIn(first), other.Message, StringComparison.Ordinal);
        await Api.Ended($"{IdIn(first)}-0");
        Assert.Single(server.SunkAt(_to));
    }

    [Fact]
    public async Task Faults_and_a_quota_are_told_in_words_of_SMTP_and_nothing_is_accepted()
    {
        var (small, theirs) = (Mails.Unique("small"), $"{Mails.Unique("small")}.test");
        await server.Installation.Make("/v1/tenants", new { name = small, quota = new { hour = 1 } });
        await server.Verify(theirs, small);
        using var client = await LoggedIn(key: await Key(small, ["send"]));
        var unknown = Mail("x", $"a@{theirs}");
        unknown.Headers.Add("X-AkkaMail-Stream", "nothing");

        var faulty = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(unknown));
        await client.SendAsync(Mail("First", $"a@{theirs}"));
        var beyond = await Assert.ThrowsAsync<SmtpCommandException>(
            () => client.SendAsync(Mail("Second", $"a@{theirs}")));

        Assert.Equal((554, true), ((int)faulty.StatusCode,
            faulty.Message.Contains("X-AkkaMail-Stream", StringComparison.Ordinal)));
        Assert.Equal((451, true), ((int)beyond.StatusCode,
            beyond.Message.Contains("1 recipients a hour", StringComparison.Ordinal)));
        Assert.Equal(1, await server.Accepted(small));
    }

    [Fact]
    public async Task A_report_is_sent_with_the_null_sender_it_came_with()
    {
        using var client = await LoggedIn();

        var answer = await client.SendAsync(
            Mail("Undelivered"), new MailboxAddress("", ""), [MailboxAddress.Parse($"ann@{_to}")]);

        Assert.Equal("delivered", (await Api.Ended($"{IdIn(answer)}-0")).Status);
        Assert.Equal("", server.SunkAt(_to).Single().MailFrom);
    }

    [Fact]
    public async Task A_stream_that_keeps_MAIL_FROM_sends_bounces_where_a_list_manager_waits_for_them()
    {
        await server.Installation.Make(
            "/v1/streams", new { name = "lists", kind = "broadcast", keep_envelope_sender = true }, _shop);
        using var client = await LoggedIn();
        async Task<string> Send(string stream, string mailFrom)
        {
            var mail = Mail("News");
            mail.Headers.Add("X-AkkaMail-Stream", stream);
            return IdIn(await client.SendAsync(
                mail, MailboxAddress.Parse(mailFrom), [MailboxAddress.Parse($"ann@{_to}")]));
        }

        await Api.Ended($"{await Send("lists", $"news-bounces+ann={_to}@{_ours}")}-0");
        await Api.Ended($"{await Send("broadcast", $"news-bounces@{_ours}")}-0");
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => Send("lists", "bounces@nobody.test"));

        Assert.Equal([$"news-bounces+ann={_to}@{_ours}", $"@bounce.{_ours}"],
            server.SunkAt(_to).Select((m, i) => i == 0 ? m.MailFrom : m.MailFrom[m.MailFrom.IndexOf('@')..]));
        Assert.Contains("lists keeps MAIL FROM", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_and_a_time_to_be_sent_at_are_said_in_headers_and_an_unknown_one_is_refused_by_name()
    {
        using var client = await LoggedIn();
        var at = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", null);
        MimeMessage With(params (string Name, string Value)[] headers)
        {
            var mail = Mail("Later");
            foreach (var (name, value) in headers) mail.Headers.Add($"X-AkkaMail-{name}", value);
            return mail;
        }

        var id = IdIn(await client.SendAsync(With(("Metadata", """{"order": "17"}"""), ("Send-At", at))));
        var story = await Api.StoryText($"{id}-0");
        Assert.Contains("\"scheduled\"", story, StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.Parse(at, null), (await Api.Story($"{id}-0")).DueAt);
        Assert.Equal(HttpStatusCode.OK, await Api.Status(HttpMethod.Delete, $"/v1/messages/{id}-0"));
        foreach (var (name, value) in new[]
        {
            ("Sandbox", "true"), ("Send-At", "tomorrow"), ("Send-At", "2020-01-01T00:00:00Z"), ("Metadata", "order=17"),
            ("Metadata", """{"order": 17}"""), ("Metadata", """{"a": "1", "a": "2"}"""),
        })
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(With((name, value))));
            Assert.Equal((554, true), ((int)refused.StatusCode,
                refused.Message.Contains($"X-AkkaMail-{name}", StringComparison.OrdinalIgnoreCase)));
        }
        Assert.Equal(1, await server.Accepted(_shop));
    }

    [Fact]
    public async Task What_was_answered_250_survives_a_crash()
    {
        using (var client = await LoggedIn())
            for (var n = 0; n < 50; n++) await client.SendAsync(Mail($"Receipt {n}"));
        server.Installation.Kill();
        await server.Installation.Up();

        await Wait.Until(
            async () => (await Shop.All("status=delivered")).Count == 50, TimeSpan.FromSeconds(60));

        Assert.Equal(50, await server.Accepted(_shop));
        var subjects = server.SunkAt(_to).Select(m => Encoding.ASCII.GetString(m.Bytes))
            .Select(m => m[m.IndexOf("Subject: ", StringComparison.Ordinal)..].Split('\r')[0]).Distinct();
        Assert.Equal(50, subjects.Count());
    }

    /// <summary>Nobody here trusts its certificate: its name is all that can be checked.</summary>
    private static SmtpClient Client() => new()
    {
        ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=mail.engine.test",
    };

    private async Task<SmtpClient> LoggedIn(
        SecureSocketOptions tls = SecureSocketOptions.StartTls, string? key = null, string user = "apikey")
    {
        var client = Client();
        await client.ConnectAsync(
            "127.0.0.1", tls == SecureSocketOptions.SslOnConnect ? server.TlsPort : server.SmtpPort, tls);
        await client.AuthenticateAsync(user, key ?? _key);
        return client;
    }

    private MimeMessage Mail(string subject, string? from = null)
    {
        var mail = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = "Thank you.\n.dot\n" } };
        mail.From.Add(MailboxAddress.Parse(from ?? $"shop@{_ours}"));
        mail.To.Add(MailboxAddress.Parse($"ann@{_to}"));
        return mail;
    }

    /// <summary>The submission that a 250 names.</summary>
    private static string IdIn(string answer) => answer.Split(' ')[^1];

    private Task<string> Key(params string[] scopes) => Key(_shop, scopes);

    private async Task<string> Key(string tenant, string[] scopes) =>
        (string)(await server.Installation.Make("/v1/keys", new { name = "k", scopes }, tenant))["key"]!;

    private async Task<List<Verdict>> Judge(string mailFrom, params byte[][] mails)
    {
        using var directory = new MailDirectory();
        foreach (var mail in mails) directory.Add(mail, new("127.0.0.1", "mail.engine.test", mailFrom));
        return await directory.MailauthAsync($"127.0.0.1:{server.Dns.Port}");
    }

    public Task DisposeAsync()
    {
        _tenant?.Dispose();
        return Task.CompletedTask;
    }
}
