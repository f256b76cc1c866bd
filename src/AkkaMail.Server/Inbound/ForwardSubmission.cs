using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Smtp.Composing;
using AkkaMail.Smtp.Relaying;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Inbound;

namespace AkkaMail.Server.Inbound;

/// <summary>Gives a mail that is passed on to a ledger, once: from there on it is a message like any other.</summary>
internal sealed class ForwardSubmission(
    OutgoingIdentity identity, Suppressions suppressions, Acceptance acceptance, TimeProvider time)
{
    public async Task<Forwarded> Accept(
        ExaminedMail found, GoesOn mail, Mailbox from, Mailbox to, CancellationToken cancel)
    {
        var octets = Hash128.Of(found.Bytes.Span);
        var key = KeyOf(found.Mail, octets);
        var detail = mail.Unsealed is { } why ? $"not sealed: {why}" : null;
        try
        {
            if (await acceptance.FirstOf(key, cancel) is { } before) return PassedOn(before.Submission, detail);
            if (!HasReturnPath(from))
                return Forwarded.Kept("not passed on: no return path host, its bounces would have no place to go");
            var recipients = await suppressions.Check(Tenant.Default, Streams.Transactional, [to], cancel);
            if (recipients[0].Suppressed is { } entry)
                return Forwarded.Kept($"not passed on: the address of ForwardTo is suppressed (suppression/{entry})");
            var send = new ValidSend(new(mail.Subject, null, null, []) { Raw = Octets.Of(mail.Octets) },
                new(from, [], [], [new([to], [], [], null, [], [], [])]), Streams.Transactional, [], null,
                time.GetUtcNow() + SendLimits.Default.Life)
            { Bytes = found.Bytes.Length };
            var intake = new Intake(Tenant.Default, [send], key, octets)
            {
                Door = Door.Forward,
                By = null,
                IsPassedOn = true,
            };
            return await acceptance.Take(intake, cancel) switch
            {
                Taken.Promised promised => PassedOn(promised.One.Id, detail),
                Taken.KeyInUse used => PassedOn(used.First, detail),
                Taken.Refused { Refusal: { Code: RefusalCode.Invalid } refused } =>
                    Forwarded.Kept($"not passed on: {refused.Detail}"),
                Taken.Refused { Refusal: var refused } => throw new PutOffException(refused.Detail ?? refused.Title),
                var taken => throw new InvalidOperationException($"{taken} is no answer to a submission"),
            };
        }
        catch (Exception e) when (e is SigningKeyException or StoreException)
        {
            throw new PutOffException(e.Message);
        }
    }

    private static Forwarded PassedOn(SubmissionId id, string? detail) =>
        new(InboundOutcome.PassedOn, new MessageId(id, 0), detail);

    private bool HasReturnPath(Mailbox from) => identity.ReturnPathAt(
        new(default, Tenant.Default, Streams.Transactional, time.GetUtcNow()), from.AsciiDomain) is not null;

    /// <summary>
    /// The same after a crash between the ledger's answer and ours, and for a mail that came to postmaster and abuse in
    /// one transaction: it goes once. No tenant is called nothing, so no sender's key is ever equal.
    /// </summary>
    private static Hash128 KeyOf(InboundMail mail, Hash128 octets) => Hash128.Of(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"\npassed on {mail.At.UtcTicks} {octets.High} {octets.Low}")));
}
