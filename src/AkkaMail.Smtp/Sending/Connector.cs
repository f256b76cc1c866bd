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

    public async Task<Opening> OpenAsync(string host, IPAddress address, int port, CancellationToken cancel)
    {
        var tls = options.OpportunisticTls && !_brokenTls.Contains(host);
        var (opening, tlsBroke) = await TryOpenAsync(host, address, port, tls, cancel);
        if (!tlsBroke) return opening;
        // RFC 7435 §4: a receiver that cannot do what it offers gets its mail as if it had not offered.
        _brokenTls.Add(host);
        return (await TryOpenAsync(host, address, port, tls: false, cancel)).Opening;
    }

    private async Task<(Opening Opening, bool TlsBroke)> TryOpenAsync(
        string host, IPAddress address, int port, bool tls, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Timeouts.Connect, time);
        using var cancelling = cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var dialogue = new Dialogue(options.Timeouts);
        var mx = $"{host}[{address}]:{port}";
        SmtpConnection? connection = null;
        // Without NoDelay, Nagle waits for delayed ACKs: 40 ms a message.
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.SourceAddress is { } source && source.AddressFamily == address.AddressFamily)
                socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(new IPEndPoint(address, port), deadline.Token);
            connection = new SmtpConnection(socket, dialogue, host, options.EhloName);
            dialogue.BeginConnection(deadline);
            await connection.OpenAsync(port, tls, deadline.Token);
            dialogue.End();
            return (new(connection, null), false);
        }
        catch (Exception e)
        {
            dialogue.End();
            var source = connection?.LocalAddress ?? options.SourceAddress?.ToString();
            if (connection is null) socket.Dispose();
            else connection.Close();
            cancel.ThrowIfCancellationRequested();
            var step = dialogue.Refusal?.Step ?? dialogue.Step;
            var reply = dialogue.Refusal is { } refusal ? SmtpReply.Parse(refusal.Code, refusal.Text)
                : deadline.IsCancellationRequested ? Replies.TimedOut(options.Timeouts.For(step), step)
                : Replies.From(e);
            if (reply is null) throw;
            // A refusal before MAIL is about us or the host's day, not about this message: other hosts may be fine.
            return (new(null, new(reply, AttemptEnd.Answered, step, mx, source, null, NextHost: true)),
                dialogue.TlsBegun || step == SmtpStep.StartTls);
        }
    }
}
