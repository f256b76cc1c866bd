using System.Collections.Immutable;
using System.Net;
using System.Text;
using AkkaMail.Core.Content;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Api;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Receiving;
using AkkaMail.Smtp.Submitting;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Submission;

/// <summary>Who a session's client is. The key is asked again for each mail: one that is revoked ends at once.</summary>
internal sealed record SubmissionClient(Caller Caller, string Tenant, string Key);

/// <summary>
/// Mail that is handed in by SMTP to be sent (RFC 6409). A key is the password, and what happens behind it is what
/// happens to <c>POST /v1/messages</c>: a 250 is the same promise as a 202.
/// </summary>
internal sealed class SubmissionDesk(
    Access access, Acceptance acceptance, SenderRules senders, RelayedMails relayed, IOptions<SmtpOptions> smtp,
    DomainFacts facts, SubmissionMetrics metrics, TimeProvider time, ILogger<SubmissionDesk> log)
{
    private string Host => smtp.Value.HostName ?? facts.EhloName;

    /// <summary>
    /// The user's name says nothing, except for a key with all rights: it sends as the tenant that is called so.
    /// </summary>
    public ValueTask<ReceiverReply> LogIn(SmtpSession session, string user, string password)
    {
        var (caller, problem) = access.Admit(password, AddressOf(session), tenant: null, Scopes.Send);
        if (caller is null)
        {
            metrics.Refused("login");
            return new(Replies.ToLogin(problem!));
        }
        var tenant = caller.Tenant is null && acceptance.Known(user, out var named) is null && named is not null
            ? user : caller.ActsFor;
        session.Client = new SubmissionClient(caller, tenant, password);
        return new(Replies.Welcome);
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
        catch (Exception e)
        {
            var problem = Faults.ProblemOf(e);
            if (problem.Status == 500) log.LogError(e, "A mail that was handed in could not be taken");
            metrics.Refused("unavailable");
            return Replies.To(problem);
        }
    }

    private async Task<(ReceiverReply Reply, string? Refused)> Take(
        SmtpSession session, SubmissionClient client, ReceivedMail mail)
    {
        if (access.Admit(client.Key, AddressOf(session), tenant: null, Scopes.Send).Problem is { } ended)
            return (ended.Status == 503 ? Replies.To(ended) : Replies.KeyEnded, "login");
        if (acceptance.Known(client.Tenant, out var tenant) is { } closed) return Refused(closed, "tenant");
        var now = time.GetUtcNow();
        var trace = SubmittedMail.TraceOf(Host, ProtocolOf(session, mail), now);
        var read = SubmittedMail.Read(mail.Bytes.Span, trace, mail.IsSmtpUtf8);
        if (read is FaultyMail fault) return Refused(Faulty(fault), "content");
        var submitted = (SubmittedMail)read;

        // The same address twice in one transaction is one message.
        Mailbox[] recipients = [.. mail.Recipients.Select(r => Mailbox.TryCreate("", r, out var m, out _) ? m : null)
            .OfType<Mailbox>().DistinctBy(m => m.EnvelopeAddress, StringComparer.Ordinal)];
        var key = Acceptance.KeyOf(client.Tenant, submitted.IdempotencyKey);
        var request = HashOf(submitted, recipients);
        var first = await acceptance.FirstOf(key, CancellationToken.None);
        if (first is not null && first.Request != request) return (Replies.KeyInUse(first.Submission), "key");
        if (Problem(submitted, first is null ? tenant?.Streams ?? MailStream.BuiltIn : null) is { } faulty)
            return Refused(faulty, "content");

        var (from, content) = (submitted.From,
            new MailContent(submitted.Subject, null, null, []) { Raw = submitted.Octets, IsSubmitted = true });
        if (senders.Refuse(client.Tenant, from.AsciiDomain) is { } foreign)
        {
            var handedOn = await relayed.Make(
                new(client.Tenant, mail.MailFrom, session.ClientName, AddressOf(session), submitted.Octets.AsMemory(trace.Length)),
                foreign, CancellationToken.None);
            if (handedOn.Mail is not { } relay) return (handedOn.Refusal!, "sender");
            (from, content) = (relay.From, new MailContent(submitted.Subject, null, null, []) { Raw = relay.Octets });
        }
        var send = new ValidSend(content, new(from, null, [], [new([.. recipients], [], [], null, [], [], [])]),
            submitted.Stream ?? SendLimits.DefaultStream, submitted.Tags, null, now + SendLimits.Default.Life);
        var taken = first is not null ? await acceptance.Again(first, send, CancellationToken.None)
            : await acceptance.Take(client.Tenant, send, key, request, hasOwnEnd: false, CancellationToken.None);
        return taken switch
        {
            Taken.Promised p => (Replies.Promised(p.Id, p.SendAt), null),
            Taken.KeyInUse k => (Replies.KeyInUse(k.First), "key"),
            Taken.Refused r => Refused(r.Problem, r.Problem.Status == 429 ? "quota" : "unavailable"),
            _ => throw new InvalidOperationException($"{taken} is no answer to a submission"),
        };
    }

    private static (ReceiverReply, string?) Refused(Problem problem, string reason) =>
        (Replies.To(problem), reason);

    private static Problem Faulty(FaultyMail fault) =>
        Api.Problem.Field(fault.Header.Length == 0 ? "The mail" : fault.Header, fault.Problem);

    /// <summary>What its words to us have wrong.</summary>
    private static Problem? Problem(SubmittedMail mail, ImmutableDictionary<string, MailStream>? streams)
    {
        var errors = new FieldErrors();
        if (mail.Stream is { } stream && streams?.ContainsKey(stream) == false)
            errors.Add(SubmittedMail.StreamHeader, "is none of the tenant's");
        if (mail.IdempotencyKey is { Length: > Acceptance.KeyLengthMax })
            errors.Add(SubmittedMail.KeyHeader, $"is longer than {Acceptance.KeyLengthMax} characters");
        new FieldRules(SendLimits.Default, errors).Tags([.. mail.Tags]);
        return errors.All.Count == 0 ? null : Api.Problem.Invalid(errors.All);
    }

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
