using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Smtp.Tls;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// A mail on its way to one host. <paramref name="Domain"/> is the recipient's, whose MX host it is, with its policy;
/// null for a host the operator has named.
/// </summary>
internal readonly record struct Trip(Target Target, Route Route, Outgoing Mail, string? Domain, StsPolicy? Policy);

/// <summary>Brings a mail to one host: over a kept connection, or a new one to the first address to answer.</summary>
internal sealed class HostTries(
    SendingOptions options, MxResolver? resolver, TlsReports? reports, TimeProvider time) : IAsyncDisposable
{
    private readonly Connector _connector = new(options, time);
    private readonly ConnectionPool _pool = new(options, time);
    private readonly ConnectionPace _pace = new(time);
    private readonly MessageBounds _bounds = new(time);
    private readonly Transaction _transaction = new(options.Timeouts, options.Rules, time);

    public async Task<Try> TryAsync(Trip trip, CancellationToken cancel)
    {
        if (_pool.Take(trip.Target) is { } kept && await UseAsync(kept, trip, isFresh: false, cancel) is { } end)
            return end;   // Else it was closed while it lay there: nothing has happened yet, and a fresh one is due.

        var host = trip.Target.Host;
        var (addresses, problem) = await AddressesAsync(trip, cancel);
        if (addresses.Count == 0) return Try.NoRoute(problem!, host);
        Try? last = null;
        foreach (var address in addresses)
        {
            if (!trip.Target.Egress.CanReach(address)) continue;
            var (isTurn, served) = await TurnAsync(trip, cancel);
            if (served is not null) return served;
            if (!isTurn) return last ?? Try.NoTurn(trip.Route);
            var (connection, failure, tls) = await _connector.OpenAsync(trip.Target, address, cancel);
            if (tls is { } result && trip.Domain is not null) Count(trip, result, isOpen: connection is not null);
            if (connection is not null) connection.OpenedAt = time.GetUtcNow();
            last = failure ?? await UseAsync(connection!, trip, isFresh: true, cancel);
            if (!last!.NextHost) break;
        }
        return last ?? Try.NotReached(trip.Target);
    }

    /// <summary>
    /// Whether a connection may be opened now; or the mail's end, when a kept connection came free while it waited.
    /// </summary>
    private async ValueTask<(bool IsTurn, Try? Served)> TurnAsync(Trip trip, CancellationToken cancel)
    {
        if (trip.Route.Limits.ConnectionRate is not { } rate) return (true, null);
        while (true)
        {
            SmtpConnection? kept = null;
            var turn = await _pace.WaitAsync(
                trip.Route.Lane, rate, () => (kept = _pool.Take(trip.Target)) is not null, cancel);
            if (turn != Turn.Served) return (turn == Turn.Open, null);
            if (await UseAsync(kept!, trip, isFresh: false, cancel) is { } end) return (false, end);
        }
    }

    private void Count(Trip trip, TlsResult result, bool isOpen)
    {
        // Without a policy any certificate will do (RFC 7435 §3); with one in testing it is told, and the mail goes.
        if (trip.Policy is null && isOpen && result.IsCertificate()) result = TlsResult.Successful;
        if (trip.Policy is { } policy && !policy.Allows(trip.Target.Host)) result = TlsResult.ValidationFailure;
        reports?.Count(trip.Domain!, trip.Policy, result, trip.Target.Host);
    }

    /// <summary>
    /// One transaction; null when a kept connection turned out to be dead before the message was judged.
    /// </summary>
    private async Task<Try?> UseAsync(SmtpConnection connection, Trip trip, bool isFresh, CancellationToken cancel)
    {
        var keep = false;
        try
        {
            var ending = await _transaction.RunAsync(connection, trip.Mail, isFresh, cancel);
            if (ending.IsFull) _bounds.Closed(trip.Target, connection.Messages - 1, connection.OpenedAt, ending.IsSaid);
            var end = ending.End;
            keep = ending.IsUsable;
            if (end is null || trip.Domain is not null) return end;
            // RFC 4954 §6: what an operator's own host wants of us says nothing of the message.
            if (end.Reply.Code == 530) end = end with { Step = SmtpStep.Auth };
            return connection.Login is { } login ? end with { Reply = login.Hide(end.Reply) } : end;
        }
        finally
        {
            if (keep) _pool.Return(connection, _bounds.Of(trip.Target, trip.Route.Limits.MessagesPerConnection));
            else connection.Close();
        }
    }

    /// <summary>A host that a stranger's DNS has named is judged; one that the operator has named is not.</summary>
    private async ValueTask<(IReadOnlyList<IPAddress> Addresses, SmtpReply? Problem)> AddressesAsync(
        Trip trip, CancellationToken cancel)
    {
        var host = trip.Target.Host;
        if (trip.Domain is not null)
        {
            var found = await resolver!.AddressesAsync(host, cancel);
            return (found.Addresses, found.NoRoute?.Reply);
        }
        if (IPAddress.TryParse(host, out var literal)) return ([literal], null);
        var kind = trip.Target.Egress.Smarthost is null ? "relay" : "smarthost";
        try { return (await Dns.GetHostAddressesAsync(host, cancel), SmtpReply.Ours($"The {kind} has no address")); }
        catch (SocketException e) { return ([], SmtpReply.Ours($"The {kind}'s name was not found: {e.Message}")); }
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
