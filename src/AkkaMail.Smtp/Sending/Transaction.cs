using AkkaMail.Core.Mail;
using AkkaMail.Core.Replies;
using AkkaMail.Smtp.Mime;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// A composed mail, and its recipient's address as it was written, which a receiver's text may not repeat.
/// </summary>
internal sealed record Outgoing(ComposedMail Mail, string RecipientAsWritten)
{
    public SmtpReply Reply(int code, string text) =>
        SmtpReply.Parse(code, OwnReplies.WithoutAddresses(text, Mail.MailFrom, Mail.RcptTo, RecipientAsWritten));
}

/// <summary>MAIL, RCPT, DATA and the dot over an open connection, with every end as a value.</summary>
internal sealed class Transaction(StepTimeouts timeouts, TimeProvider time)
{
    /// <summary>
    /// How it went, or null when a kept connection was dead already; and whether the connection can be used again.
    /// </summary>
    public async Task<(Try? End, bool IsUsable)> RunAsync(
        SmtpConnection connection, Outgoing mail, bool isFresh, CancellationToken cancel)
    {
        if (Obstacle(connection, mail.Mail) is { } obstacle)
            return (End(connection, obstacle, SmtpStep.MailFrom) with { Bytes = 0, Nth = 0 }, true);

        using var deadline = new CancellationTokenSource(timeouts.MailFrom, time);
        using var cancelling = cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var dialogue = connection.Dialogue;
        dialogue.BeginTransaction(deadline);
        try
        {
            var text = await connection.SendAsync(mail.Mail, deadline.Token);
            return (End(connection, mail.Reply(dialogue.LastCode, text), SmtpStep.Dot), true);
        }
        catch (Exception e)
        {
            cancel.ThrowIfCancellationRequested();
            var step = dialogue.Refusal?.Step ?? dialogue.Step;
            if (dialogue.Refusal is { } refusal)
            {
                var reply = mail.Reply(refusal.Code, refusal.Text);
                // 421 closes the channel (RFC 5321 §3.8). On a kept one it says "you were idle", not "no" to this mail,
                // unless it says that there are too many: then the lane has to hear of it.
                if (refusal is { Code: 421, Step: SmtpStep.MailFrom } && !isFresh && !IsTooMany(connection, reply))
                    return (null, false);
                return (End(connection, reply, step),
                    refusal.Code != 421 && connection.IsConnected && !deadline.IsCancellationRequested);
            }
            // Half of it is out: the receiver has no mail without the dot, and this connection says nothing else.
            if (e is StoreException) return (End(connection, OwnReplies.ContentStoreFailed, step), false);
            if (OwnReplies.From(e) is null && !deadline.IsCancellationRequested) throw;
            if (dialogue.DotSent)
                return (End(connection, OwnReplies.NoAnswerToDot, SmtpStep.Dot) with { End = AttemptEnd.InDoubt }, false);
            if (deadline.IsCancellationRequested)
            {
                var reply = OwnReplies.TimedOut(timeouts.For(step), step);
                return (End(connection, reply, step) with { NextHost = true }, false);
            }
            if (!isFresh && !dialogue.MailAccepted) return (null, false);
            return (End(connection, OwnReplies.From(e)!, step) with { NextHost = true }, false);
        }
        finally { dialogue.End(); }
    }

    private static bool IsTooMany(SmtpConnection connection, SmtpReply reply) => BounceRulesReader.Shipped
        .Judge(reply, AttemptEnd.Answered, SmtpStep.MailFrom, connection.Mx).Class
        is ReplyClass.RateLimited or ReplyClass.TooManyConnections;

    /// <summary>What we know without asking: the receiver has said in EHLO what it cannot take.</summary>
    private static SmtpReply? Obstacle(SmtpConnection connection, ComposedMail mail)
    {
        if (mail.NeedsSmtpUtf8 && !connection.OffersSmtpUtf8) return OwnReplies.NoSmtpUtf8;
        if (mail.NeedsEightBitMime && !connection.OffersEightBitMime) return OwnReplies.NoEightBitMime;
        return connection.SizeMax is > 0 and var max && mail.Size > max ? OwnReplies.TooLarge(mail.Size, max) : null;
    }

    private static Try End(SmtpConnection connection, SmtpReply reply, SmtpStep step) =>
        new(reply, AttemptEnd.Answered, step, connection.Mx, connection.Source, connection.TlsVersion)
        {
            Bytes = connection.Dialogue.BodyOctets,
            LocalAddress = connection.LocalAddress,
            Nth = connection.Messages,
        };
}
