using System.Collections.Concurrent;
using AkkaMail.Rig;
using AkkaMail.Smtp.Receiving;
using AkkaMail.TestSink;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>
/// A server with its DNS server and its receiver, for all tests that need the same settings (<see cref="Resolving"/>
/// and its brothers): a start costs seconds, a tenant and a domain nothing. A test takes a tenant and domains of its own
/// and looks at nothing else; tests of one server run one after the other, so one may also restart it.
/// </summary>
public abstract class SharedServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Func<string, ReceiverReply?>> _receivers =
        new(StringComparer.OrdinalIgnoreCase);

    private int _domains = Dnsmasq.Shared - 1;

    internal Dnsmasq Dns { get; private set; } = null!;
    internal TestSink.TestSink Sink { get; private set; } = null!;
    internal Installation Installation { get; private set; } = null!;

    /// <summary>With all rights in the whole installation.</summary>
    internal Api Api => Installation.Api;

    /// <summary>Where it takes mail in, if its settings say so.</summary>
    internal int SmtpPort { get; } = ServerProcess.FreePort();

    private protected virtual TestSinkOptions Receiver => new();

    /// <summary>On which kind of database it runs.</summary>
    private protected virtual string Storage => Stored.OfThisRun;

    /// <param name="stored">The settings that say where it keeps what it knows.</param>
    private protected abstract Task<Installation> Start((string, string)[] stored);

    /// <summary>What is begun before the first test.</summary>
    private protected virtual Task Started() => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        Dns = await Dnsmasq.Start();
        Sink = await TestSink.TestSink.StartAsync(Receiver with { OnRecipient = Answer });
        Installation = await Start(Stored.In(Storage));
        await Started();
    }

    /// <summary>A domain for one test alone; mail to it goes to <c>mx.</c>(domain).</summary>
    internal string Domain() => Interlocked.Increment(ref _domains) is var n and < Dnsmasq.Domains
        ? $"d{n}.test" : throw new InvalidOperationException("name more domains in Dnsmasq");

    /// <summary>With all rights in a new tenant, and sees nothing of the others.</summary>
    internal async Task<Api> NewTenant(string prefix = "acme")
    {
        var name = Mails.Unique(prefix);
        await Installation.Make("/v1/tenants", new { name });
        return new(Installation.Server.Url, tenant: name);
    }

    /// <summary>How the recipients of a domain are answered from now on; null leaves it to their names.</summary>
    internal void Answers(string domain, Func<string, ReceiverReply?> answer) => _receivers[domain] = answer;

    /// <summary>What came to a domain, in the order it came.</summary>
    internal List<SunkMail> SunkAt(string domain) =>
        [.. Sink.Mails.Where(m => m.Recipients.Any(r => IsAt(r, domain)))];

    private ReceiverReply? Answer(string recipient) =>
        _receivers.GetValueOrDefault(DomainOf(recipient))?.Invoke(recipient);

    private static bool IsAt(string address, string domain) =>
        DomainOf(address).Equals(domain, StringComparison.OrdinalIgnoreCase);

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    public virtual async Task DisposeAsync()
    {
        Installation?.Dispose();
        if (Sink is not null) await Sink.DisposeAsync();
        Dns?.Dispose();
    }
}
