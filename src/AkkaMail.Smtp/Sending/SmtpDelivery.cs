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
    private readonly Egresses _egresses;
    private readonly HostTries _hosts;

    /// <param name="resolver">Not needed with a relay.</param>
    public SmtpDelivery(SendingOptions options, LoadMail load, MxResolver? resolver, TimeProvider time)
    {
        if (options.Relay is null) ArgumentNullException.ThrowIfNull(resolver);
        (_options, _load, _resolver, _time) = (options, load, resolver, time);
        _egresses = new(options);
        _hosts = new(options, resolver, time);
    }

    /// <summary>The <see cref="Deliver"/> of the delivery graph. It throws only when cancelled.</summary>
    public async Task<Attempt> DeliverAsync(DueMessage message, Route route, CancellationToken cancel)
    {
        var (started, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        var end = await TryAsync(message, route, cancel);
        return new(message.Attempt, message.Site, end.Reply, end.End, end.Mx, end.Source, end.Step, end.Tls, started,
            _time.GetElapsedTime(stamp));
    }

    private async Task<Try> TryAsync(DueMessage message, Route route, CancellationToken cancel)
    {
        StoredMail? stored;
        try { stored = await _load(message.Envelope, cancel); }
        catch (ContentStoreException) { return Try.NotStarted(Replies.ContentStoreFailed); }
        catch (InvalidDataException) { return Try.Unsendable(Replies.ContentUnreadable); }
        if (stored is null) return Try.Unsendable(Replies.ContentGone);
        var composition = Composer.Compose(stored, message.Id, message.AcceptedAt);
        if (composition is Uncomposable u) return Try.Unsendable(SmtpReply.None(u.Problem));
        var mail = new Outgoing((ComposedMail)composition, stored.Envelope.Find(message.Id.Index).Recipient.Address);
        var egress = _egresses.Of(route.Source);
        if (_options.Relay is { } relay)
            return await _hosts.TryAsync(new(new(egress, relay.Host, relay.Port, route.Tls), route, mail, false), cancel);
        return await TryDomainAsync(egress, route, mail, cancel);
    }

    private async Task<Try> TryDomainAsync(Egress egress, Route route, Outgoing mail, CancellationToken cancel)
    {
        var domain = mail.Mail.RcptTo[(mail.Mail.RcptTo.LastIndexOf('@') + 1)..];
        var answer = await _resolver!.ResolveAsync(domain, cancel);
        if (answer is NoRoute none) return Try.NoRoute(none.Reply);
        Try? last = null;
        foreach (var host in ((MxPlan)answer).Hosts)
        {
            var end = await _hosts.TryAsync(
                new(new(egress, host, _options.Port, route.Tls), route, mail, IsMx: true), cancel);
            // Where one host has failed and there is no turn for the next, the failure is what happened.
            last = end.End == AttemptEnd.NotStarted ? last ?? end : end;
            if (!end.NextHost) break;
        }
        return last!;   // A plan has a host.
    }

    /// <summary>Says QUIT on all kept connections. Attempts under way are the caller's to cancel.</summary>
    public ValueTask DisposeAsync() => _hosts.DisposeAsync();
}
