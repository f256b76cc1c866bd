using System.Security.Cryptography.X509Certificates;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// One server, DNS server and sink (with STARTTLS) for all tests that ask little of them. Retries come after 1 s, 2 s,
/// 4 s, … exactly.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    public const string Name = "the shared server";

    private readonly X509Certificate2 _certificate = Mails.Certificate();
    private Dnsmasq _dns = null!;

    internal TestSink.TestSink Sink { get; private set; } = null!;
    internal Installation Installation { get; private set; } = null!;
    internal Api Api => Installation.Api;

    /// <summary>A mail that is always put off, with a minute to live: it is given up after half of it.</summary>
    internal string Hopeless { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _dns = await Dnsmasq.Start();
        Sink = await TestSink.TestSink.StartAsync(
            new() { Certificate = _certificate, SlowDelay = TimeSpan.FromSeconds(1) });
        Installation = await Installation.Resolving(_dns, Sink.Port,
            ("AkkaMail__Retry__FirstDelay", "00:00:01"), ("AkkaMail__Retry__Jitter", "0"),
            ("AkkaMail__Delivery__EhloName", "mail.sender.test"));
        Hopeless = (await Api.Send(new
        {
            from = "shop@sender.test",
            to = "tempfail@d2.test",
            subject = "x",
            text = "x",
            expires_at = TimeProvider.System.GetUtcNow().AddSeconds(61),
        }))[0];
    }

    public async Task DisposeAsync()
    {
        Installation?.Dispose();
        if (Sink is not null) await Sink.DisposeAsync();
        _dns?.Dispose();
        _certificate.Dispose();
    }
}

[CollectionDefinition(SharedServer.Name)]
public sealed class SharedServerCollection : ICollectionFixture<SharedServer>;
