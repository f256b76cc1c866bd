using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Core.Replies;
using AkkaMail.Simulator;
using AkkaMail.Smtp.Receiving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;

namespace AkkaMail.Load;

/// <summary>
/// A simulated receiver for each domain, over real SMTP on the real clock: it answers at RCPT, after its latency. Its
/// time begins with the first mail for the domain.
/// </summary>
internal sealed class SimulatedSmtpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string, ReceiverModel> _models;
    private readonly int _seed;
    private readonly WebApplication _app;

    private sealed class Site(SimulatedReceiver receiver, long began)
    {
        public SimulatedReceiver Receiver { get; } = receiver;
        public TimeSpan Now => TimeProvider.System.GetElapsedTime(began);

        /// <summary>Its connections, and the messages each has carried.</summary>
        public Dictionary<string, int> Open { get; } = [];

        public long Taken, Refused;
    }

    private SimulatedSmtpServer(Func<string, ReceiverModel> models, int seed)
    {
        (_models, _seed) = (models, seed);
        var options = new ReceiverOptions
        {
            HostName = "receiver.test",
            CommandsMax = int.MaxValue,
            ConnectionsPerClientMax = 1000,
            SessionTime = TimeSpan.FromDays(1),
        };
        var receiver = new SmtpReceiver(options, TakeRecipient, TakeMail, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(async connection =>
            {
                try { await receiver.OnConnectedAsync(connection); }
                finally { Leave(connection.ConnectionId); }
            })));
        _app = builder.Build();
    }

    /// <summary><paramref name="models"/> says by a domain how its receiver is.</summary>
    public static async Task<SimulatedSmtpServer> Start(Func<string, ReceiverModel> models, int seed)
    {
        var server = new SimulatedSmtpServer(models, seed);
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.First()).Port;
        return server;
    }

    public int Port { get; private set; }

    /// <summary>Of all domains that fit.</summary>
    public (long Taken, long Refused) Counts(Func<string, bool> domain)
    {
        var sites = _sites.Where(s => domain(s.Key)).Select(s => s.Value).ToList();
        return (sites.Sum(s => Interlocked.Read(ref s.Taken)), sites.Sum(s => Interlocked.Read(ref s.Refused)));
    }

    /// <summary>Of a domain, taken and refused.</summary>
    public IEnumerable<(string Domain, long Taken, long Refused)> Each() =>
        _sites.Select(s => (s.Key, Interlocked.Read(ref s.Value.Taken), Interlocked.Read(ref s.Value.Refused)));

    private void Leave(string connection)
    {
        foreach (var site in _sites.Values)
            lock (site) site.Open.Remove(connection);
    }

    private async ValueTask<ReceiverReply> TakeRecipient(SmtpSession session, string mailFrom, string recipient)
    {
        var site = SiteOf(recipient);
        Answer answer;
        TimeSpan latency;
        lock (site)
        {
            answer = Answer(site, session.Id, recipient);
            latency = site.Receiver.Latency();
        }
        await Task.Delay(latency);
        if (answer.IsLimit) Interlocked.Increment(ref site.Refused);
        if (answer.Reply is not { } reply) return ReceiverReply.HangUp;
        return reply.IsAccepted ? ReceiverReply.Ok
            : new(reply.Code, reply.Enhanced is { } enhanced ? $"{enhanced} {reply.Text}" : reply.Text);
    }

    /// <summary>Which receiver a connection is for is known with its first recipient: it is refused then.</summary>
    private static Answer Answer(Site site, string connection, string recipient)
    {
        if (!site.Open.TryGetValue(connection, out var messages)
            && site.Receiver.Connect(site.Now, "loopback", site.Open.Count) is { } refused)
            return refused;
        site.Open[connection] = ++messages;
        return site.Receiver.Take(site.Now, "loopback", Number(recipient), messages);
    }

    private ValueTask<ReceiverReply> TakeMail(SmtpSession session, ReceivedMail mail)
    {
        Interlocked.Increment(ref SiteOf(mail.Recipients[0]).Taken);
        return new(ReceiverReply.Ok);
    }

    private Site SiteOf(string recipient) => _sites.GetOrAdd(
        recipient[(recipient.IndexOf('@', StringComparison.Ordinal) + 1)..],
        domain => new(new(_models(domain), _seed), TimeProvider.System.GetTimestamp()));

    /// <summary>The same for the same address; greylisting remembers it.</summary>
    private static ulong Number(string recipient) =>
        recipient.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
