using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Delivery;

namespace AkkaMail.Smtp.Sending;

/// <summary>A connection that is open and has said EHLO, or how the try to open one ended.</summary>
internal readonly record struct Opening(SmtpConnection? Connection, Try? Failure);

/// <summary>Opens connections: own sockets, opportunistic TLS, and plain text for hosts whose TLS is broken.</summary>
internal sealed class Connector(SendingOptions options, TimeProvider time)
{
    private readonly HostMemory _brokenTls = new(options.BrokenTlsFor, options.BrokenTlsMax, time);

    public async Task<Opening> OpenAsync(Target target, IPAddress address, CancellationToken cancel)
    {
        var tls = options.OpportunisticTls && !_brokenTls.Contains(target.Host);
        var (opening, tlsBroke) = await TryOpenAsync(target, address, tls, cancel);
        if (!tlsBroke) return opening;
        // RFC 7435 §4: a receiver that cannot do what it offers gets its mail as if it had not offered.
        _brokenTls.Add(target.Host);
        return (await TryOpenAsync(target, address, tls: false, cancel)).Opening;
    }

    private async Task<(Opening Opening, bool TlsBroke)> TryOpenAsync(
        Target target, IPAddress address, bool tls, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Timeouts.Connect, time);
        using var cancelling = cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var dialogue = new Dialogue(options.Timeouts);
        var mx = $"{target.Host}[{address}]:{target.Port}";
        SmtpConnection? connection = null;
        Socket? socket = null;
        try
        {
            socket = await Dial.OpenAsync(target.Egress, new(address, target.Port), deadline.Token);
            connection = new SmtpConnection(socket, dialogue, target, mx);
            dialogue.BeginConnection(deadline);
            await connection.OpenAsync(tls, deadline.Token);
            dialogue.End();
            return (new(connection, null), false);
        }
        catch (Exception e)
        {
            dialogue.End();
            var source = connection?.Source ?? target.Egress.Shown(target.Egress.Address?.ToString());
            if (connection is null) socket?.Dispose();
            else connection.Close();
            cancel.ThrowIfCancellationRequested();
            var step = dialogue.Refusal?.Step ?? dialogue.Step;
            var reply = dialogue.Refusal is { } refusal ? SmtpReply.Parse(refusal.Code, refusal.Text)
                : deadline.IsCancellationRequested ? TimedOut(target, step, isConnected: connection is not null)
                : Replies.From(e);
            if (reply is null) throw;
            // A refusal before MAIL is about us or the host's day, not about this message: other hosts may be fine.
            // Behind a proxy that is silent no host is.
            var nextHost = e is not ProxyException { IsRefusal: false };
            return (new(null, new(reply, AttemptEnd.Answered, step, mx, source, null, nextHost)),
                dialogue.TlsBegun || step == SmtpStep.StartTls);
        }
    }

    private SmtpReply TimedOut(Target target, SmtpStep step, bool isConnected)
    {
        var reply = Replies.TimedOut(options.Timeouts.For(step), step);
        return isConnected || target.Egress.Proxy is not { } proxy ? reply
            : SmtpReply.None($"The proxy {proxy} did not answer: {reply.Text}");
    }
}
