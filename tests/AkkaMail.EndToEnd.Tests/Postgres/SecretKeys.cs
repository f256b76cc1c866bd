using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using AkkaMail.Rig;
using AkkaMail.Smtp.Tests.Peers;

namespace AkkaMail.EndToEnd.Tests.Postgres;

/// <summary>
/// A secret key keeps a dump from opening the domains' keys: who starts without it reads why, and changes nothing.
/// </summary>
public sealed class SecretKeys : IAsyncLifetime
{
    private const string Domain = "sender.test";
    private const string Key = "a-key-of-more-than-32-characters-1", Other = "a-key-of-more-than-32-characters-2";

    private readonly string _directory = ThisBuild.NewDirectory("secret-key");
    private readonly string _database = PostgresCluster.Shared.NewDatabase();
    private Dnsmasq _dns = null!;
    private TestSink.TestSink _sink = null!;

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        await _dns.Publish("us", "host-record=mail.engine.test,127.0.0.1");
        _sink = await TestSink.TestSink.StartAsync();
    }

    [Fact]
    public async Task With_the_same_one_mail_is_signed_as_before_and_with_another_or_none_the_start_ends_in_one_sentence()
    {
        using (var before = await Start(null))
        {
            await before.Make("/v1/domains", new { domain = Domain });
            Assert.Contains("akkamail.key_ring", before.PlacesWith("<masterKey"));
            await before.Server.Stop();
        }
        string[] signed;
        using (var first = await Start(Key))
        {
            var zone = await first.Api.Http.GetStringAsync($"/v1/domains/{Domain}/zone");
            await _dns.Publish(Domain, zone.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            using (await first.Api.Http.PostAsync($"/v1/domains/{Domain}/verify", null)) { }
            signed = await Signatures(first);
            Assert.Empty(first.PlacesWith("<masterKey"));   // It is wrapped by now.
            await first.Server.Stop();
        }
        Assert.Equal(["rsa-sha256 pass akkamail-r1", "ed25519-sha256 pass akkamail-e1"], signed);
        var where = $"PostgreSQL at 127.0.0.1:{PostgresCluster.Shared.Port}, "
            + $"database {_database.Split("Database=")[1].Split(';')[0]}";

        Assert.Equal($"AkkaMail:Storage:SecretKey is not the one that wraps the key ring in {where}: set that one.",
            await Refused(Other));
        Assert.Equal($"AkkaMail:Storage:SecretKey is not set, and the key ring in {where} is wrapped by one: set that one.",
            await Refused(null));

        using (var same = await Start(Key))
        {
            Assert.Equal(signed, await Signatures(same));
            Assert.DoesNotContain("DataProtection", same.Server.Output, StringComparison.Ordinal);
            await same.Server.Stop();
            Assert.Equal(1, await same.Change("akkamail", "UPDATE key_ring SET xml = xml"));   // Nobody has made one more.
            await same.Change("akkamail", Lost());
        }
        using var anew = await Start(Other);
        var domain = JsonNode.Parse(await anew.Api.Http.GetStringAsync($"/v1/domains/{Domain}"))!;
        Assert.Equal(Domain, (string?)domain["domain"]);
    }

    /// <summary>What the page says that begins anew.</summary>
    private static string Lost()
    {
        var page = File.ReadAllText(Path.Combine(ThisBuild.Root, "docs", "operating", "postgres.md"));
        var from = page.IndexOf("`TRUNCATE ", StringComparison.Ordinal) + 1;
        return page[from..page.IndexOf('`', from)];
    }

    private Task<Installation> Start(string? secretKey) => Installation.Start(_directory,
    [
        ("AkkaMail__Dns__Servers", $"127.0.0.1:{_dns.Port}"), ("AkkaMail__Delivery__Relay", $"127.0.0.1:{_sink.Port}"),
        ("AkkaMail__Delivery__EhloName", "mail.engine.test"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
        .. Settings(secretKey),
    ]);

    private (string Name, string Value)[] Settings(string? secretKey) =>
        [.. Stored.At(_database), ("AkkaMail__Storage__SecretKey", secretKey ?? "")];

    /// <summary>All that it said, until it ended.</summary>
    private async Task<string> Refused(string? secretKey)
    {
        using var server = ServerProcess.Start(_directory, Settings(secretKey).ToDictionary(s => s.Name, s => s.Value));
        Assert.Equal(1, await server.Ended());
        Assert.Equal(server.Errors, server.Output);
        return server.Errors;
    }

    /// <summary>Of a mail, as somebody finds them who looks up the keys.</summary>
    private async Task<string[]> Signatures(Installation at)
    {
        var to = $"{Mails.Unique("ann")}@d1.test";
        await at.Api.Ended((await at.Api.Send(Mails.To(to)))[0]);
        var mail = _sink.Mails.Single(m => m.Recipients.Contains(to));
        using var mails = new MailDirectory();
        mails.Add(mail.Bytes, new("127.0.0.1", "mail.engine.test", mail.MailFrom));
        var verdict = (await mails.MailauthAsync($"127.0.0.1:{_dns.Port}"))[0];
        return [.. verdict.Dkim.Select(d => $"{d.Algorithm} {d.Result} {d.Selector}")];
    }

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        _dns.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
