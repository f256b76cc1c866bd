using System.Net;
using AkkaMail.Core.Content;
using AkkaMail.Core.Delivery;
using AkkaMail.Core.Shaping;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Composes a message and brings it to the first of its hosts that answers. What a host says of the message stands;
/// only where none has judged it is the next one tried.
/// </summary>
public sealed class SmtpDelivery : IAsyncDisposable
{
    private readonly SendingOptions _options;
    private readonly LoadMail _load;
    private readonly MxResolver? _resolver;
    private readonly TimeProvider _time;
    private readonly Connector _connector;
    private readonly ConnectionPool _pool;
    private readonly Transaction _transaction;

    /// <param name="resolver">Not needed with a relay.</param>
    public SmtpDelivery(SendingOptions options, LoadMail load, MxResolver? resolver, TimeProvider time)
    {
        if (options.Relay is null) ArgumentNullException.ThrowIfNull(resolver);
        (_options, _load, _resolver, _time) = (options, load, resolver, time);
        _connector = new(options, time);
        _pool = new(options, time);
        _transaction = new(options.Timeouts, time);
    }

    private int Port => _options.Relay?.Port ?? _options.Port;

    /// <summary>The <see cref="Deliver"/> of the delivery graph. It throws only when cancelled.</summary>
    public async Task<Attempt> DeliverAsync(DueMessage message, Route route, CancellationToken cancel)
    {
        var (started, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        var end = await TryAsync(message, cancel);
        return new(message.Attempt, route.Site, end.Reply, end.End, end.Mx, end.Source, end.Step, end.Tls, started,
            _time.GetElapsedTime(stamp));
    }

    private async Task<Try> TryAsync(DueMessage message, CancellationToken cancel)
    {
        StoredMail? stored;
        try { stored = await _load(message.Envelope, cancel); }
        catch (ContentStoreException) { return Try.NotStarted(Replies.ContentStoreFailed); }
        catch (InvalidDataException) { return Try.Unsendable(Replies.ContentUnreadable); }
        if (stored is null) return Try.Unsendable(Replies.ContentGone);
        var composition = Composer.Compose(stored, message.Id, message.AcceptedAt);
        if (composition is Uncomposable u) return Try.Unsendable(SmtpReply.None(u.Problem));
        var mail = new Outgoing((ComposedMail)composition, stored.Envelope.Find(message.Id.Index).Recipient.Address);
        if (_options.Relay is { } relay) return await TryHostAsync(relay.Host, mail, cancel);

        var domain = mail.Mail.RcptTo[(mail.Mail.RcptTo.LastIndexOf('@') + 1)..];
        var answer = await _resolver!.ResolveAsync(domain, cancel);
        if (answer is NoRoute none) return Try.NoRoute(none.Reply);
        Try? last = null;
        foreach (var host in ((MxPlan)answer).Hosts)
        {
            last = await TryHostAsync(host, mail, cancel);
            if (!last.NextHost) break;
        }
        return last!;   // A plan has a host.
    }

    private async Task<Try> TryHostAsync(string host, Outgoing mail, CancellationToken cancel)
    {
        // A kept connection may have been closed while it lay there: nothing has happened yet, and a fresh one is due.
        if (_pool.Take(host) is { } kept && await UseAsync(kept, mail, isFresh: false, cancel) is { } end) return end;

        var (addresses, problem) = await AddressesAsync(host, cancel);
        if (addresses.Count == 0) return Try.NoRoute(SmtpReply.None(problem!), host);
        Try? last = null;
        foreach (var address in addresses)
        {
            var (connection, failure) = await _connector.OpenAsync(host, address, Port, cancel);
            last = failure ?? await UseAsync(connection!, mail, isFresh: true, cancel);
            if (!last!.NextHost) break;
        }
        return last!;
    }

    /// <summary>
    /// One transaction; null when a kept connection turned out to be dead before the message was judged.
    /// </summary>
    private async Task<Try?> UseAsync(SmtpConnection connection, Outgoing mail, bool isFresh, CancellationToken cancel)
    {
        var keep = false;
        try
        {
            var (end, isUsable) = await _transaction.RunAsync(connection, mail, isFresh, cancel);
            keep = isUsable;
            return end;
        }
        finally
        {
            if (keep) _pool.Return(connection);
            else connection.Close();
        }
    }

    private async ValueTask<(IReadOnlyList<IPAddress> Addresses, string? Problem)> AddressesAsync(
        string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host, out var literal)) return ([literal], null);
        if (_options.Relay is null)
        {
            var found = await _resolver!.AddressesAsync(host, cancel);
            return (found.Addresses, found.Problem);
        }
        try { return (await Dns.GetHostAddressesAsync(host, cancel), "The relay has no address"); }
        catch (System.Net.Sockets.SocketException e) { return ([], $"The relay's name was not found: {e.Message}"); }
    }

    /// <summary>Says QUIT on all kept connections. Attempts under way are the caller's to cancel.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
