using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// Each domain's MX is asked for, receivers know STARTTLS, and retries come after 1 s, 2 s, 4 s, … exactly.
/// </summary>
public class Resolving : SharedServer
{
    public const string Name = "resolving";

    private readonly X509Certificate2 _certificate = Mails.Certificate();

    /// <summary>A mail that is always put off, with a minute to live: it is given up after half of it.</summary>
    internal string Hopeless { get; private set; } = "";

    private protected override TestSinkOptions Receiver =>
        new() { Certificate = _certificate, SlowDelay = TimeSpan.FromSeconds(1) };

    private protected override Task<Installation> Start((string, string)[] stored) => Installation.Resolving(
        Dns, Sink.Port,
    [
        ("AkkaMail__Retry__FirstDelay", "00:00:01"), ("AkkaMail__Retry__Jitter", "0"),
        ("AkkaMail__Delivery__EhloName", "mail.sender.test"), .. stored,
    ]);

    private protected override async Task Started() => Hopeless = (await Api.Send(new
    {
        from = "shop@sender.test",
        to = "tempfail@d2.test",
        subject = "x",
        text = "x",
        expires_at = TimeProvider.System.GetUtcNow().AddSeconds(61),
    }))[0];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate.Dispose();
    }
}

/// <summary>The same without TLS, and no retry is far away.</summary>
public class FastRetry : SharedServer
{
    public const string Name = "fast retry";

    private protected override Task<Installation> Start((string, string)[] stored) => Installation.Resolving(
        Dns, Sink.Port,
        [("AkkaMail__Retry__FirstDelay", "00:00:02"), ("AkkaMail__Retry__MaxDelay", "00:00:03"), .. stored]);
}

/// <summary>Everything goes to one receiver, as to a smarthost.</summary>
public sealed class Relaying : SharedServer
{
    public const string Name = "relaying";

    /// <summary>What a tenant with two recipients a minute has sent as the third one, and when it may go.</summary>
    internal (Api Tenant, string Id, DateTimeOffset Opens) Third { get; private set; }

    private protected override TestSinkOptions Receiver => new() { SlowDelay = TimeSpan.FromSeconds(3) };

    private protected override Task<Installation> Start((string, string)[] stored) =>
        Installation.Relaying(Sink.Port, stored);

    /// <summary>The minute ends while other tests run.</summary>
    private protected override async Task Started()
    {
        var tenant = await Installation.Tenant(Mails.Unique("third"), new { minute = 2, mode = "schedule" });
        JsonNode? sendAt = null;
        while (sendAt is null)   // With the end of a minute between them there is room again.
        {
            await tenant.Send(Mails.To("ann@d1.test", "bob@d1.test"));
            using var answer = await tenant.Post(Mails.To("eve@d1.test"));
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            sendAt = body["send_at"];
            if (sendAt is not null)
                Third = (tenant, (string)body["messages"]![0]!["id"]!, (DateTimeOffset)sendAt);
        }
    }

    public override async Task DisposeAsync()
    {
        Third.Tenant?.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>
/// Who sends has to have verified the domain; mail is handed in by HTTP and by SMTP, and is signed, linked and relayed.
/// </summary>
public class Strict : SharedServer
{
    public const string Name = "strict domains";

    /// <summary>The tenant that may hand on what others have signed, and its domain.</summary>
    public const string Lists = "lists", ListsDomain = "lists.test";

    private readonly string _certificates = Rig.ThisBuild.NewDirectory("certificates");

    internal int TlsPort { get; } = Rig.ServerProcess.FreePort();

    /// <summary>Whoever trusts it believes that this is <c>localhost</c>.</summary>
    internal string CertificateFile => Path.Combine(_certificates, "localhost.pem");

    private string KeyFile => Path.Combine(_certificates, "localhost.key");

    private protected override Task<Installation> Start((string, string)[] stored)
    {
        using var certificate = Mails.Certificate("mail.engine.test", alias: "localhost");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Installation.Resolving(Dns, Sink.Port, [.. Settings, .. stored]);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_certificates, recursive: true);
    }

    private (string, string)[] Settings =>
    [
        ("AkkaMail__Smtp__Certificate", CertificateFile), ("AkkaMail__Smtp__CertificateKey", KeyFile),
        ("AkkaMail__Domains__AllowUnverified", "false"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
        ("AkkaMail__Delivery__EhloName", "mail.engine.test"), ("AkkaMail__PublicUrl", "https://mail.engine.test"),
        ("AkkaMail__Retry__FirstDelay", "00:00:10"), ("AkkaMail__Smtp__Listen", $"127.0.0.1:{SmtpPort}"),
        ("AkkaMail__Smtp__ListenTls", $"127.0.0.1:{TlsPort}"), ("AkkaMail__Smtp__RelayTenants", $"{Lists}, helpdesk"),
        ("AkkaMail__TrustedProxies", "127.0.0.64/26"),
        ("Logging__LogLevel__Microsoft.AspNetCore.Routing.EndpointMiddleware", "Information"),
    ];

    private protected override async Task Started()
    {
        await Dns.Publish("us", "host-record=mail.engine.test,127.0.0.1");
        await Dns.Publish(Stranger.Domain, Stranger.Zone);
        await Installation.Make("/v1/tenants", new { name = Lists });
        await this.Verify(ListsDomain, Lists);
    }
}

/// <summary>Takes what comes back by SMTP, and passes on what is for people.</summary>
public sealed class Listening : SharedServer
{
    public const string Name = "listening";

    private protected override Task<Installation> Start((string, string)[] stored) => Installation.Resolving(
        Dns, Sink.Port,
    [
        ("AkkaMail__Smtp__Listen", $"127.0.0.1:{SmtpPort}"), ("AkkaMail__Smtp__ReturnPathHost", "bounce.engine.test"),
        ("AkkaMail__Smtp__ForwardTo", "ops@d1.test"), ("AkkaMail__Domains__DmarcReports", "dmarc@engine.test"),
        ("AkkaMail__Delivery__EhloName", "mail.engine.test"), ("AkkaMail__Domains__SpfTerms", "ip4:127.0.0.0/8"),
        .. stored,
    ]);

    private protected override async Task Started()
    {
        await Dns.Publish("us", "host-record=mail.engine.test,127.0.0.1");
        await Dns.Publish(Stranger.Domain, Stranger.Zone);
    }
}

/// <summary>Has a shaping file, which each test writes anew.</summary>
public sealed class Shaped : SharedServer
{
    public const string Name = "shaped";

    internal string File => Path.Combine(Installation.Directory, "shaping.json");

    /// <summary>What <c>/v1/shaping</c> said while there was no file yet.</summary>
    internal JsonNode WithoutFile { get; private set; } = null!;

    private protected override Task<Installation> Start((string, string)[] stored) => Installation.Resolving(
        Dns, Sink.Port,
        // The order is tested, and the machine may be busy.
        [("AkkaMail__Engagement__LookUpTimeout", "00:00:10"), .. stored]);

    private protected override async Task Started() =>
        WithoutFile = JsonNode.Parse(await Api.Http.GetStringAsync("/v1/shaping"))!;

    internal void Write(string shaping) => System.IO.File.WriteAllText(File, shaping, new UTF8Encoding(false));

    /// <summary>Writes what is between the braces, and waits until it holds.</summary>
    internal async Task Shape(string shaping)
    {
        var version = Mails.Unique("v");
        Write($$"""{"version": "{{version}}", {{shaping}}}""");
        await Wait.Until(async () => (await Version()).StartsWith($"{version}+", StringComparison.Ordinal));
    }

    internal async Task<string> Version() =>
        (string)JsonNode.Parse(await Api.Http.GetStringAsync("/v1/shaping"))!["version"]!;
}

[CollectionDefinition(Resolving.Name)]
public sealed class ResolvingTests : ICollectionFixture<Resolving>;

[CollectionDefinition(FastRetry.Name)]
public sealed class FastRetryTests : ICollectionFixture<FastRetry>;

[CollectionDefinition(Relaying.Name)]
public sealed class RelayingTests : ICollectionFixture<Relaying>;

[CollectionDefinition(Strict.Name)]
public sealed class StrictTests : ICollectionFixture<Strict>;

[CollectionDefinition(Listening.Name)]
public sealed class ListeningTests : ICollectionFixture<Listening>;

[CollectionDefinition(Shaped.Name)]
public sealed class ShapedTests : ICollectionFixture<Shaped>;
