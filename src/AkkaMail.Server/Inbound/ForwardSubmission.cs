using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Data;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Relaying;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Inbound;

/// <summary>Gives a mail that is passed on to a ledger, once: from there on it is a message like any other.</summary>
internal sealed class ForwardSubmission(
    OutgoingIdentity identity, Suppressions suppressions, IRequiredActor<Ledgers> ledgers, ContentStore content,
    ReadModel read, AccountsView accounts, DataDirectory data, IOptions<AkkaMailOptions> options,
    IOptions<RetentionOptions> retention, TimeProvider time)
{
    public async Task<Forwarded> Accept(
        ExaminedMail found, GoesOn mail, Mailbox from, Mailbox to, CancellationToken cancel)
    {
        var octets = Hash128.Of(found.Bytes.Span);
        var key = KeyOf(found.Mail, octets);
        var detail = mail.Unsealed is { } why ? $"not sealed: {why}" : null;
        try
        {
            if (await read.FindKey(key, cancel) is { } before) return PassedOn(before.Submission, detail);
            if (!HasReturnPath(from))
                return Forwarded.Kept("not passed on: no return path host, its bounces would have no place to go");
            return await Accept(key, octets, mail, from, to, detail, cancel);
        }
        catch (Exception e) when (e is SigningKeyException or ContentStoreException or SuppressionException
            or ReadModelException)
        {
            throw new PutOffException(e.Message);
        }
    }

    private async Task<Forwarded> Accept(
        Hash128 key, Hash128 octets, GoesOn mail, Mailbox from, Mailbox to, string? detail,
        CancellationToken cancel)
    {
        var recipients = await suppressions.Check(Tenant.Default, Streams.Transactional, [to], cancel);
        if (recipients[0].Suppressed is { } entry)
            return Forwarded.Kept($"not passed on: the address of ForwardTo is suppressed (suppression/{entry})");
        var now = time.GetUtcNow();
        var expiresAt = now + SendLimits.Default.Life;
        var envelope = await content.Write(
            new(mail.Subject, null, null, []) { Raw = mail.Octets },
            new(from, null, [], [new([to], [], [], null, [], [], [])]), expiresAt + retention.Value.Content, cancel);
        var facts = new SubmissionFacts
        {
            Tenant = Tenant.Default,
            Stream = Streams.Transactional,
            Kind = accounts.Current?.StreamOf(Tenant.Default, Streams.Transactional)?.Kind ?? StreamKind.Transactional,
            Sender = from.AsciiDomain,
            ExpiresAt = expiresAt,
            Envelope = envelope,
        };
        var accept = new AcceptSubmissions(
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), [new(facts, recipients)], key, octets,
            now + options.Value.AcceptTimeout);
        var partition = (int)(key.Low % (ulong)data.Installation.Ledgers);
        return await Acceptance.Ask(ledgers.ActorRef, partition, accept, options.Value.AcceptTimeout, cancel) switch
        {
            SubmissionAccepted accepted => PassedOn(accepted.Id, detail),
            KeyConflict conflict => PassedOn(conflict.First, detail),
            _ => throw new PutOffException("the ledger does not answer, or holds as much as it may"),
        };
    }

    private static Forwarded PassedOn(SubmissionId id, string? detail) =>
        new(ReturnedOutcome.PassedOn, new MessageId(id, 0), detail);

    private bool HasReturnPath(Mailbox from) => identity.ReturnPathAt(
        new(default, Tenant.Default, Streams.Transactional, time.GetUtcNow()), from.AsciiDomain) is not null;

    /// <summary>
    /// The same after a crash between the ledger's answer and ours, and for a mail that came to postmaster and abuse in
    /// one transaction: it goes once. No tenant is called nothing, so no sender's key is ever equal.
    /// </summary>
    private static Hash128 KeyOf(ReturnedMail mail, Hash128 octets) => Hash128.Of(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"\npassed on {mail.At.UtcTicks} {octets.High} {octets.Low}")));
}
