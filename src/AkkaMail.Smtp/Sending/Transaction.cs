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
internal sealed class Transaction(StepTimeouts timeouts, Func<BounceRules> rules, TimeProvider time)
{
    /// <summary>
    /// How a transaction went; null: a kept connection took no more, nothing was said of the message, and a fresh one is
    /// due. And whether the connection can be used again.
    /// </summary>
    public readonly record struct Ending(Try? End, bool IsUsable)
    {
        /// <summary>The receiver has had enough of this connection, and has not said that it was idle.</summary>
        public bool IsFull { get; init; }

        /// <summary>In its words: so many messages are too many for one connection.</summary>
        public bool IsSaid { get; init; }
    }

    public async Task<Ending> RunAsync(
        SmtpConnection connection, Outgoing mail, bool isFresh, CancellationToken cancel)
    {
        if (Obstacle(connection, mail.Mail) is { } obstacle)
            return new(End(connection, obstacle, SmtpStep.MailFrom) with { Bytes = 0, Nth = 0 }, true);

        using var deadline = new CancellationTokenSource(timeouts.MailFrom, time);
        using var cancelling = cancel.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var dialogue = connection.Dialogue;
        dialogue.BeginTransaction(deadline);
        try
        {
            var text = await connection.SendAsync(mail.Mail, deadline.Token);
            return new(End(connection, mail.Reply(dialogue.LastCode, text), SmtpStep.Dot), true);
        }
        catch (Exception e)
        {
            cancel.ThrowIfCancellationRequested();
            var step = dialogue.Refusal?.Step ?? dialogue.Step;
            if (dialogue.Refusal is { } refusal)
            {
                var reply = mail.Reply(refusal.Code, refusal.Text);
                if (!isFresh && Closing(connection, refusal.Code, step, reply) is { } closing) return closing;
                return new(End(connection, reply, step),
                    refusal.Code != 421 && connection.IsConnected && !deadline.IsCancellationRequested);
            }
            // Half of it is out: the receiver has no mail without the dot, and this connection says nothing else.
            if (e is StoreException) return new(End(connection, OwnReplies.ContentStoreFailed, step), false);
            if (OwnReplies.From(e) is null && !deadline.IsCancellationRequested) throw;
            if (dialogue.DotSent)
                return new(End(connection, OwnReplies.NoAnswerToDot, SmtpStep.Dot) with { End = AttemptEnd.InDoubt }, false);
            if (deadline.IsCancellationRequested)
            {
                var reply = OwnReplies.TimedOut(timeouts.For(step), step);
                return new(End(connection, reply, step) with { NextHost = true }, false);
            }
            if (!isFresh && !dialogue.MailAccepted) return new(null, false);
            return new(End(connection, OwnReplies.From(e)!, step) with { NextHost = true }, false);
        }
        finally { dialogue.End(); }
    }

    /// <summary>
    /// A kept connection that is said to be at its end; null: the reply is about the message, or the lane. 421 closes the
    /// channel (RFC 5321 §3.8): to MAIL it says "you were idle", not "no" to this mail, unless it says that there are too
    /// many of all connections, or that we are not wanted; then the lane has to hear of it.
    /// </summary>
    private Ending? Closing(SmtpConnection connection, int code, SmtpStep step, SmtpReply reply)
    {
        if (code is < 400 or >= 500) return null;
        var judged = rules().Judge(reply, AttemptEnd.Answered, step, connection.Mx);
        if (judged.Verdict?.Reason == BounceReason.SessionLimit) return new(null, false) { IsFull = true, IsSaid = true };
        if (code != 421 || step != SmtpStep.MailFrom || judged.Class is
            ReplyClass.RateLimited or ReplyClass.TooManyConnections or ReplyClass.Blocked)
            return null;
        return new(null, false) { IsFull = time.GetUtcNow() - connection.IdleSince < Idle };
    }

    /// <summary>Nobody says of a connection that rested for less that it was idle.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

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
