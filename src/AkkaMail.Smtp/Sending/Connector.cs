using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tls;
using AkkaMail.Smtp.Tls;
using MailKit.Security;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// A connection that is open and has said EHLO, or how the try to open one ended. <paramref name="Tls"/> is null when
/// it never came to the question.
/// </summary>
internal readonly record struct Opening(SmtpConnection? Connection, Try? Failure, TlsResult? Tls);

/// <summary>Opens connections: encrypted as the target asks, and logged in at a smarthost.</summary>
internal sealed class Connector(SendingOptions options, TimeProvider time)
{
    private readonly OpenSockets _open = new(options.ConnectionsMax);
    private readonly HostMemory _brokenTls = new(options.BrokenTlsFor, options.BrokenTlsMax, time);

    public async Task<Opening> OpenAsync(Target target, IPAddress address, CancellationToken cancel)
    {
        var login = Login.Of(target.Egress.Smarthost, options.Secret, out var problem);
        if (problem is not null)
            return new(null, Failed(target, address, SmtpReply.None(problem), SmtpStep.Auth), null);

        // What was remembered is for those who may go without: nobody else's mail must get into the open by it.
        var mayFallBack = target.Tls == TlsPolicy.Opportunistic && login is null && !IsImplicit(target);
        var isKnownBroken = mayFallBack && _brokenTls.Contains(target.Host);
        var security = isKnownBroken ? SecureSocketOptions.None : Security(target);
        var (opening, tlsBroke) = await TryOpenAsync(target, address, security, login, cancel);
        if (!tlsBroke || !mayFallBack) return opening;
        // RFC 7435 §4: a receiver that cannot do what it offers gets its mail as if it had not offered.
        _brokenTls.Add(target.Host);
        var (plain, _) = await TryOpenAsync(target, address, SecureSocketOptions.None, null, cancel);
        return plain with { Tls = opening.Tls };
    }

    private static bool IsImplicit(Target target) => target.Egress.Smarthost is { ImplicitTls: true };

    private static SecureSocketOptions Security(Target target) => target.Tls switch
    {
        _ when IsImplicit(target) => SecureSocketOptions.SslOnConnect,
        TlsPolicy.Disabled => SecureSocketOptions.None,
        TlsPolicy.Opportunistic => SecureSocketOptions.StartTlsWhenAvailable,
        _ => SecureSocketOptions.StartTls,
    };

    private async Task<(Opening Opening, bool TlsBroke)> TryOpenAsync(
        Target target, IPAddress address, SecureSocketOptions security, Login? login, CancellationToken cancel)
    {
        if (!_open.TryTake()) return (new(null, Try.NoSocket(options.ConnectionsMax), null), false);
        using var deadline = new CancellationTokenSource(options.Timeouts.Connect, time);
        using var cancelling = cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var dialogue = new Dialogue(options.Timeouts);
        SmtpConnection? connection = null;
        Socket? socket = null;
        try
        {
            socket = await Dial.OpenAsync(target.Egress, new(address, target.Port), deadline.Token);
            connection = new SmtpConnection(socket, _open, dialogue, target, Mx(target, address), options.TrustedRoots);
            dialogue.BeginConnection(deadline);
            await connection.OpenAsync(security, deadline.Token);
            TlsResult? tls = security == SecureSocketOptions.None ? null : connection.Tls;
            if (login is not null)
            {
                // RFC 4954 §4: a password in the open is anybody's. Only an operator may ask for that.
                if (!connection.IsSecure && target.Tls != TlsPolicy.Disabled)
                {
                    connection.Close();
                    return (new(null, Failed(target, address, OwnReplies.NoPlainAuth, SmtpStep.Auth), tls), false);
                }
                await login.RunAsync(connection, deadline.Token);
                connection.Login = login;
            }
            dialogue.End();
            return (new(connection, null, tls), false);
        }
        catch (Exception e)
        {
            dialogue.End();
            if (connection is not null) connection.Close();
            else
            {
                socket?.Dispose();
                _open.Return();
            }
            cancel.ThrowIfCancellationRequested();
            return Failure(e, target, address, dialogue, connection, deadline.IsCancellationRequested, login);
        }
    }

    /// <summary>How it failed, and whether it was TLS that broke.</summary>
    private (Opening Opening, bool TlsBroke) Failure(
        Exception e, Target target, IPAddress address, Dialogue dialogue, SmtpConnection? connection, bool isLate,
        Login? login)
    {
        var problem = connection?.CertificateProblem;
        var step = dialogue.Refusal?.Step ?? dialogue.Step;
        SmtpReply? reply;
        if (e is NotSupportedException && step == SmtpStep.Ehlo)   // MailKit's word for "no STARTTLS offered".
        {
            (step, problem) = (SmtpStep.StartTls, TlsResult.StartTlsNotSupported);
            reply = OwnReplies.Tls(problem.Value, target);
        }
        else if (dialogue.Refusal is { } refusal) reply = SmtpReply.Parse(refusal.Code, refusal.Text);
        else if (isLate) reply = TimedOut(target, step, isConnected: connection is not null);
        else
        {
            if (e is SslHandshakeException) step = SmtpStep.StartTls;   // Before the banner, where TLS is implicit.
            var isVerified = target.Tls == TlsPolicy.Verified;
            reply = step == SmtpStep.StartTls && isVerified && problem is { } p ? OwnReplies.Tls(p, target)
                : step == SmtpStep.Auth ? Login.Failure(e) ?? OwnReplies.From(e)
                : OwnReplies.From(e);
        }
        if (reply is null) ExceptionDispatchInfo.Throw(e);
        if (login is not null) reply = login.Hide(reply);
        // A reply after the handshake is about something else. Silence or a reset is not: a TLS 1.3 server can only
        // then refuse what the client has sent (RFC 8446 §4.4.2.4).
        var tlsBroke = step == SmtpStep.StartTls
            || dialogue.TlsBegun && dialogue.Refusal is null && step == SmtpStep.Ehlo;
        var failure = Failed(target, address, reply, step) with { NextHost = IsForNextHost(e, step) };
        if (connection is not null) failure = failure with
        {
            Source = connection.Source,
            LocalAddress = connection.LocalAddress,
        };
        return (new(null, failure, tlsBroke ? problem ?? TlsResult.ValidationFailure : null), tlsBroke);
    }

    private static string Mx(Target target, IPAddress address) => $"{target.Host}[{address}]:{target.Port}";

    private static Try Failed(Target target, IPAddress address, SmtpReply reply, SmtpStep step) =>
        new(reply, AttemptEnd.Answered, step, Mx(target, address), target.Egress.Shown(), null);

    /// <summary>
    /// A refusal before MAIL is about us or the host's day, not about this message: other hosts may be fine. Not so
    /// behind a proxy that is silent, nor with a password that is wrong: repeating it locks accounts.
    /// </summary>
    private static bool IsForNextHost(Exception e, SmtpStep step) =>
        e is not ProxyException { IsRefusal: false } && step != SmtpStep.Auth;

    private SmtpReply TimedOut(Target target, SmtpStep step, bool isConnected)
    {
        var reply = OwnReplies.TimedOut(options.Timeouts.For(step), step);
        return isConnected || target.Egress.Proxy is not { } proxy ? reply
            : SmtpReply.None($"The proxy {proxy} did not answer: {reply.Text}");
    }
}
