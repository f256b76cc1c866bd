using System.Collections.Immutable;
using System.Net;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Mime;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Storage.Messages;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.SmtpIn;

/// <summary>
/// Who a session's client is. The key is asked again for each mail: one that is revoked ends at once.
/// </summary>
internal sealed record SubmissionClient(string Tenant, string Key);

/// <summary>
/// Mail that is handed in by SMTP to be sent (RFC 6409). A key is the password, and what happens behind it is what
/// happens to <c>POST /v1/messages</c>: a 250 is the same promise as a 202.
/// </summary>
internal sealed class SmtpSubmission(
    Callers callers, Acceptance acceptance, SenderRules senders, RelayedMails relayed, IOptions<SmtpOptions> smtp,
    DomainFacts facts, SubmissionMetrics metrics, MailMemory memory, TimeProvider time, ILogger<SmtpSubmission> log)
{
    private string Host => smtp.Value.HostName ?? facts.EhloName;

    /// <summary>
    /// The user's name says nothing, except for a key with all rights: it sends as the tenant that is called so, and as
    /// <c>apikey</c> or without a name for <c>default</c>.
    /// </summary>
    public ValueTask<ReceiverReply> LogIn(SmtpSession session, string user, string password)
    {
        var (caller, refusal) = callers.Admit(password, AddressOf(session), tenant: null, Scopes.Send);
        if (caller is null) return new(NotIn(SmtpAnswers.ToLogin(refusal!)));
        var name = caller.Tenant is null && user is not ("" or AnyUser) ? user : caller.ActsFor;
        if (acceptance.Known(name, out var tenant) is { } closed) return new(NotIn(SmtpAnswers.NotNow(closed)));
        if (tenant is null && name != Tenant.Default) return new(NotIn(SmtpAnswers.NoTenant));
        session.Client = new SubmissionClient(name, password);
        return new(SmtpAnswers.Welcome);
    }

    /// <summary>What the programs of other services are told to say for a user.</summary>
    private const string AnyUser = "apikey";

    private ReceiverReply NotIn(ReceiverReply reply)
    {
        metrics.Refused("login");
        return reply;
    }

    public static ValueTask<ReceiverReply> TakeRecipient(string recipient) => new(
        Mailbox.TryCreate("", recipient, out _, out var problem) ? ReceiverReply.Ok
            : new ReceiverReply(553, $"5.1.3 The address {problem}"));

    public async ValueTask<ReceiverReply> TakeMail(SmtpSession session, SubmissionClient client, ReceivedMail mail)
    {
        try
        {
            var (reply, reason) = await Take(session, client, mail);
            if (reason is null) metrics.Taken(); else metrics.Refused(reason);
            return reply;
        }
        catch (Exception e)   // As an endpoint's: here is nobody above who would answer.
        {
            var refusal = Faults.RefusalOf(e);
            if (refusal.Code == RefusalCode.Internal) log.LogError(e, "A mail that was handed in could not be taken");
            metrics.Refused("unavailable");
            return SmtpAnswers.To(refusal);
        }
    }

    private async Task<(ReceiverReply Reply, string? Refused)> Take(
        SmtpSession session, SubmissionClient client, ReceivedMail mail)
    {
        var (caller, ended) = callers.Admit(client.Key, AddressOf(session), tenant: null, Scopes.Send);
        if (caller is null) return (SmtpAnswers.To(ended!), "login");
        if (acceptance.Known(client.Tenant, out var tenant) is { } closed) return Refused(closed, "tenant");
        // Closed meanwhile.
        if (tenant is null && client.Tenant != Tenant.Default) return (SmtpAnswers.KeyEnded, "tenant");
        var now = time.GetUtcNow();
        var trace = SubmittedMail.TraceOf(Host, ProtocolOf(session, mail), now);
        var read = SubmittedMail.Read(mail.Bytes.Span, trace, mail.IsSmtpUtf8);
        if (read is FaultyMail fault) return (SmtpAnswers.Faulty(fault), "content");
        var submitted = (SubmittedMail)read;
        // Of a mail that others wrote its words are theirs, and say nothing to us.
        var foreign = senders.Refuse(client.Tenant, submitted.From.AsciiDomain);
        var words = foreign is null ? submitted : submitted with
        {
            Stream = null,
            Tags = [],
            IdempotencyKey = null,
            Metadata = null,
            SendAt = null,
            Unknown = null,
        };

        // The same address twice in one transaction is one message.
        Mailbox[] recipients = [.. mail.Recipients.Select(r => Mailbox.TryCreate("", r, out var m, out _) ? m : null)
            .OfType<Mailbox>().DistinctBy(m => m.EnvelopeAddress, StringComparer.Ordinal)];
        var key = Acceptance.KeyOf(client.Tenant, words.IdempotencyKey);
        var request = HashOf(submitted, recipients);
        var first = await acceptance.FirstOf(key, CancellationToken.None);
        if (first is not null)
            return first.Request == request ? (SmtpAnswers.Promised(first.Submission), null)
                : (SmtpAnswers.KeyInUse(first.Submission), "key");
        var errors = new FieldErrors();
        var streams = tenant?.Streams ?? MailStream.BuiltIn;
        var said = SubmissionWords.Read(words, streams, now, errors);
        if (errors.All.Count > 0) return Refused(Refusal.Invalid(errors.All), "content");

        var (from, content) = (submitted.From,
            new MailContent(submitted.Subject, null, null, []) { Raw = OctetsOf(mail, submitted), IsSubmitted = true });
        string? mailFrom = null;
        using var held = new HeldMemory(memory);   // Until it is stored.
        if (foreign is not null)
        {
            if (Whole(content.Raw!, held) is not { } octets)
                return Refused(Refusal.Unavailable("There is no memory for this mail now."), "unavailable");
            var handedOn = await relayed.Make(
                new(client.Tenant, mail.MailFrom, session.ClientName, AddressOf(session), octets[trace.Length..]), foreign,
                CancellationToken.None);
            if (handedOn is not { From: { } sender, Octets: { } onward }) return (handedOn.Refusal!, "sender");
            (from, content) = (sender, new MailContent(submitted.Subject, null, null, []) { Raw = Octets.Of(onward) });
        }
        // RFC 5321 §4.5.5: what answers a mail must not be answered, or two programs write to each other for ever.
        else if (mail.MailFrom.Length == 0) mailFrom = "";
        else if (streams.GetValueOrDefault(said.Stream) is { KeepEnvelopeSender: true })
        {
            if (!Mailbox.TryCreate("", mail.MailFrom, out var kept, out _)
                || senders.Refuse(client.Tenant, kept.AsciiDomain) is not null)
                return (SmtpAnswers.ForeignReturnPath(said.Stream), "sender");
            mailFrom = kept.EnvelopeAddress;
        }
        var envelope = new SubmissionEnvelope(from, [], [], [new([.. recipients], [], [], null, [], said.Metadata, [])])
        {
            MailFrom = mailFrom,
        };
        var send = new ValidSend(content, envelope, said.Stream, said.Tags, said.SendAt, said.ExpiresAt)
        {
            Bytes = (int)(mail.Spooled?.Length ?? mail.Bytes.Length),
        };
        var taken = await acceptance.Take(
            new(client.Tenant, [send], key, request) { Door = Door.Smtp, By = caller.By }, CancellationToken.None);
        return taken switch
        {
            Taken.Promised { One: var p } => (SmtpAnswers.Promised(p.Id), null),
            Taken.KeyInUse k => (SmtpAnswers.KeyInUse(k.First), "key"),
            Taken.Refused r => Refused(r.Refusal, r.Refusal.Code == RefusalCode.OverQuota ? "quota" : "unavailable"),
            _ => throw new InvalidOperationException($"{taken} is no answer to a submission"),
        };
    }

    private static Octets OctetsOf(ReceivedMail mail, SubmittedMail submitted) => mail.Spooled is { } file
        ? Octets.Of(submitted.Head, file, submitted.HeadEnd)
        : Octets.Of((byte[])[.. submitted.Head, .. mail.Bytes.Span[submitted.HeadEnd..]]);

    /// <summary>A mail that others signed is judged as a whole; null: there is no memory for it now.</summary>
    private static ReadOnlyMemory<byte>? Whole(Octets octets, HeldMemory held)
    {
        if (octets.InMemory is { } memory) return memory;
        // As it is read, parsed and written again.
        if (!held.TryTake(Http.Body.Weight * octets.Length)) return null;
        var whole = new byte[octets.Length];
        using var stream = octets.Open();
        stream.ReadExactly(whole);
        return whole;
    }

    private sealed class HeldMemory(MailMemory memory) : IDisposable
    {
        private long _octets;

        public bool TryTake(long octets)
        {
            if (!memory.TryTake(octets, isClient: true)) return false;
            _octets += octets;
            return true;
        }

        public void Dispose() => memory.Return(_octets);
    }

    private static (ReceiverReply, string?) Refused(Refusal refusal, string reason) =>
        (SmtpAnswers.To(refusal), reason);

    /// <summary>
    /// Without the mail itself: a program that sends again after a lost reply writes its date and boundaries anew.
    /// </summary>
    private static Hash128 HashOf(SubmittedMail mail, IEnumerable<Mailbox> recipients) =>
        Hash128.Of(Encoding.UTF8.GetBytes(string.Join('\n', recipients.Select(r => r.EnvelopeAddress)
            .Order(StringComparer.Ordinal).Prepend(mail.Subject).Prepend(mail.From.EnvelopeAddress))));

    /// <summary>RFC 3848 and RFC 6531 §4.3.</summary>
    private static string ProtocolOf(SmtpSession session, ReceivedMail mail) =>
        (mail.IsSmtpUtf8 ? "UTF8SMTP" : "ESMTP") + (session.IsEncrypted ? "SA" : "A");

    private static IPAddress? AddressOf(SmtpSession session) => (session.Remote as IPEndPoint)?.Address;
}
