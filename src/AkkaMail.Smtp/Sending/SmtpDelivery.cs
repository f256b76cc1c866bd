using AkkaMail.Core.Attempts;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Signing;
using AkkaMail.Smtp.Tls;

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
    private readonly MtaSts? _sts;
    private readonly TlsReports? _reports;

    /// <param name="resolver">Not needed with a relay.</param>
    /// <param name="sts">Null: MTA-STS is not asked for.</param>
    /// <param name="reports">Null: sessions are not counted.</param>
    public SmtpDelivery(
        SendingOptions options, LoadMail load, MxResolver? resolver, TimeProvider time,
        MtaSts? sts = null, TlsReports? reports = null)
    {
        if (options.Relay is null) ArgumentNullException.ThrowIfNull(resolver);
        (_options, _load, _resolver, _time) = (options, load, resolver, time);
        _egresses = new(options);
        _hosts = new(options, resolver, reports, time);
        (_sts, _reports) = (sts, reports);
    }

    /// <summary>The <see cref="Deliver"/> of the delivery graph. It throws only when cancelled.</summary>
    public async Task<Attempt> DeliverAsync(DueMessage message, Route route, CancellationToken cancel)
    {
        var (started, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        var end = await TryAsync(message, route, cancel);
        var attempt = new Attempt(message.Attempt, route.Site, end.Reply, end.End, end.Mx, end.Source, end.Step, end.Tls,
            started, _time.GetElapsedTime(stamp))
        {
            Bytes = end.Bytes,
            LocalAddress = end.LocalAddress,
            Nth = end.Nth,
        };
        return attempt.JudgedBy(_options.Rules());
    }

    private async Task<Try> TryAsync(DueMessage message, Route route, CancellationToken cancel)
    {
        StoredMail? stored;
        try { stored = await _load(message.Envelope, message.Id.Index, cancel); }
        catch (StoreException) { return Try.NotStarted(OwnReplies.ContentStoreFailed); }
        catch (InvalidDataException) { return Try.Unsendable(OwnReplies.ContentUnreadable); }
        if (stored is null) return Try.Unsendable(OwnReplies.ContentGone);
        if (stored.Envelope.Find(message.Id.Index)?.Recipient is not { } recipient)
            return Try.Unsendable(OwnReplies.ContentUnreadable);
        try
        {
            if (await _options.Suppressed(message.Queue.Tenant, message.Queue.Stream, recipient, cancel) is { } why)
                return Try.Suppressed(SmtpReply.Ours(why));
        }
        catch (StillUnknownException e) { return Try.NotStarted(SmtpReply.Ours(e.Message)); }
        var facts = new MessageFacts(message.Id, message.Queue.Tenant, message.Queue.Stream, message.AcceptedAt);
        Composition composition;
        try { composition = Composer.Compose(stored, facts, _options.Identity); }
        catch (SigningKeyException) { return Try.NotStarted(OwnReplies.SigningKeyUnreadable); }
        catch (StoreException) { return Try.NotStarted(OwnReplies.ContentStoreFailed); }   // Its files are read there.
        if (composition is Uncomposable u)
        {
            if (u.Fault is { } fault) _options.Uncomposable(message.Id, fault);
            return Try.Unsendable(OwnReplies.Uncomposable(u.Problem));
        }
        var mail = new Outgoing((ComposedMail)composition, recipient.Address);
        var egress = _egresses.Of(route.Source);
        if (egress.Smarthost is { } smarthost)
            return await TryNamedAsync(new(egress, smarthost.Host, smarthost.Port, smarthost.Tls), route, mail, cancel);
        if (_options.Relay is { } relay)
            return await TryNamedAsync(new(egress, relay.Host, relay.Port, route.Limits.Tls), route, mail, cancel);
        return await TryDomainAsync(egress, route, mail, cancel);
    }

    private Task<Try> TryNamedAsync(Target target, Route route, Outgoing mail, CancellationToken cancel) =>
        _hosts.TryAsync(new(target, route, mail, null, null), cancel);

    private async Task<Try> TryDomainAsync(Egress egress, Route route, Outgoing mail, CancellationToken cancel)
    {
        var domain = mail.Mail.RcptTo[(mail.Mail.RcptTo.LastIndexOf('@') + 1)..];
        var answer = await _resolver!.ResolveAsync(domain, cancel);
        if (answer is NoRoute none) return Try.NoRoute(none.Reply);
        // An operator who has switched TLS off for this route knows why; any other policy gives way to the domain's.
        var policy = _sts is null || route.Limits.Tls == TlsPolicy.Disabled ? null
            : await _sts.PolicyAsync(domain, cancel);
        // Of this domain alone: another one with the same hosts has its own policy, or none, and its own connections.
        var isEnforced = policy is { Mode: StsMode.Enforce };
        var tls = isEnforced ? TlsPolicy.Verified : route.Limits.Tls;
        Try? last = null;
        foreach (var host in ((MxPlan)answer).Hosts)
        {
            if (isEnforced && !policy!.Allows(host))   // RFC 8461 §4.1
            {
                _reports?.Count(domain, policy, TlsResult.ValidationFailure, host);
                continue;
            }
            var end = await _hosts.TryAsync(
                new(new(egress, host, _options.Port, tls), route, mail, domain, policy), cancel);
            // Where one host has failed and the next has no turn, or leads nowhere, the failure is what happened; and
            // a domain is unreachable for good only when all of its hosts are.
            if (last is null || IsNowhere(last) || end.End != AttemptEnd.NotStarted && !IsNowhere(end)) last = end;
            if (!end.NextHost) break;
        }
        if (last is null) return Try.NoRoute(OwnReplies.StsHosts);
        return isEnforced && last is { Step: SmtpStep.StartTls, Reply.Code: 0 }
            ? last with { Reply = OwnReplies.StsEnforced(last.Reply) } : last;
    }

    private static bool IsNowhere(Try end) => end is { Step: SmtpStep.Dns, Reply.Code: >= 500 };

    /// <summary>Says QUIT on all kept connections. Attempts under way are the caller's to cancel.</summary>
    public ValueTask DisposeAsync() => _hosts.DisposeAsync();
}
