using System.Net.Http.Headers;
using System.Text;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// Keys that were made, used, refused and revoked are nowhere afterwards: not in a file, a table, a log line, a figure,
/// an answer or the audit log. Only the answer that made a key has it.
/// </summary>
public sealed class Secrets : IAsyncLifetime
{
    /// <summary>What a key shares with its id is no secret; a guesser would need the rest.</summary>
    private const int SecretCharacters = 52;

    private readonly List<string> _said = [];
    private readonly int _smtpPort = Bringer.FreePort();
    private TestSink.TestSink _sink = null!;
    private Installation _installation = null!;

    public async Task InitializeAsync()
    {
        _sink = await TestSink.TestSink.StartAsync();
        // All that a log can say, so that nobody finds a secret there after turning it up.
        _installation = await Installation.Relaying(_sink.Port,
            ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft", "Trace"),
            ("AkkaMail__Smtp__Listen", $"127.0.0.1:{_smtpPort}"));
    }

    [Fact]
    public async Task No_secret_is_anywhere_but_in_the_answer_that_made_it()
    {
        var secrets = new List<string> { ServerProcess.AdminKey };
        foreach (var tenant in new[] { "acme", "globex" })
            await _installation.Make("/v1/tenants", new { name = tenant, quota = new { day = 3 } });
        foreach (var (tenant, scopes) in new[]
        {
            ("acme", new[] { "send", "read" }), ("acme", ["manage"]), ("globex", ["send"]), ("default", ["admin"]),
        })
            secrets.Add((string)(await _installation.Make("/v1/keys", new { name = "k", scopes }, tenant))["key"]!);
        var wrong = new[] { "am_aaaaaaaaaaaa_" + new string('q', SecretCharacters), "wrongwrong-0123456789abcdef" };
        secrets.AddRange(wrong);

        foreach (var key in secrets) await UseEverywhere(key);
        await Say(ServerProcess.AdminKey, HttpMethod.Delete, $"/v1/keys/{secrets[1].Split('_')[1]}");
        await UseEverywhere(secrets[1]);   // Revoked.
        await Say(ServerProcess.AdminKey, HttpMethod.Delete, "/v1/tenants/globex");
        await Say(ServerProcess.AdminKey, HttpMethod.Get, "/v1/audit?limit=500");
        await Say(ServerProcess.AdminKey, HttpMethod.Get, "/metrics");
        await _installation.Restart();
        await UseEverywhere(secrets[2]);
        await _installation.Server.Stop();

        Assert.Contains(_said, s => s.Contains("key_revoked", StringComparison.Ordinal));
        Assert.Contains(_said, s => s.Contains("akkamail_messages_accepted_total", StringComparison.Ordinal));
        Assert.Contains(_said, s => s.Contains("quota", StringComparison.Ordinal));
        Assert.Contains(_said, s => s.StartsWith("2.0.0 Ok: queued as ", StringComparison.Ordinal));
        foreach (var secret in secrets.Select(SecretOf))
        {
            Assert.All(_said, said => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, _installation.Server.Output, StringComparison.Ordinal);
            Assert.Empty(_installation.PlacesWith(secret));
        }
        // The search would find what is there.
        Assert.NotEmpty(_installation.PlacesWith("ann@d1.test"));
    }

    /// <summary>What a client does, and some of it wrong.</summary>
    private async Task UseEverywhere(string key)
    {
        await Say(key, HttpMethod.Post, "/v1/messages", Mail, idempotencyKey: "order-7");
        await Say(key, HttpMethod.Post, "/v1/messages", Mail, idempotencyKey: "order-7");
        await Say(key, HttpMethod.Post, "/v1/messages", Mail);
        await Say(key, HttpMethod.Post, "/v1/messages", """{"from":"nobody"}""");
        await Say(key, HttpMethod.Post, "/v1/messages", "{");
        await Say(key, HttpMethod.Get, "/v1/messages");
        await Say(key, HttpMethod.Get, "/v1/keys");
        await Say(key, HttpMethod.Get, "/v1/tenants/acme/usage");
        await Say(key, HttpMethod.Get, "/v1/streams");
        await Say(key, HttpMethod.Get, "/v1/status");
        await Say(key, HttpMethod.Get, "/v1/nothing");
        await Say(key, HttpMethod.Get, "/v1/messages", tenant: "nobody");
        await Say(key, HttpMethod.Post, "/v1/keys", """{"name":"","scopes":["sned"]}""");
        await SayBySmtp(key);
    }

    private static string Mail =>
        """{"from":"a@sender.test","to":"ann@d1.test","subject":"zebra-in-the-subject","text":"t"}""";

    private async Task Say(
        string key, HttpMethod method, string path, string? json = null, string? idempotencyKey = null,
        string? tenant = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (tenant is not null) request.Headers.Add("AkkaMail-Tenant", tenant);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _installation.Api.Http.SendAsync(request);
        _said.Add($"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync()}");
    }

    private async Task SayBySmtp(string key)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", _smtpPort, SecureSocketOptions.None);
        try
        {
            await client.AuthenticateAsync("apikey", key);
            using var mail = new MimeMessage([MailboxAddress.Parse("a@sender.test")],
                [MailboxAddress.Parse("ann@d1.test")], "zebra-in-the-subject", new TextPart("plain") { Text = "t" });
            _said.Add(await client.SendAsync(mail));
        }
        catch (Exception e) when (e is AuthenticationException or SmtpCommandException or SmtpProtocolException)
        {
            _said.Add(e.Message);
        }
    }

    /// <summary>A key's own part; of one that is no such text all of it.</summary>
    private static string SecretOf(string key) =>
        key.StartsWith("am_", StringComparison.Ordinal) ? key[^SecretCharacters..] : key;

    public async Task DisposeAsync()
    {
        _installation.Dispose();
        await _sink.DisposeAsync();
    }
}
