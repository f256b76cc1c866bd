using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Messages;

/// <summary>
/// From a valid submission to the promise, whichever door it came by: the sender's domain, the quota, the suppression
/// lists, the content, the ledger.
/// </summary>
internal sealed class Acceptance(
    AccountsView accounts, SenderRules senders, QuotaGate quotas, Suppressions suppressions,
    LedgerAsk ledgers, ContentStore content, ReadModel read, DataDirectory data,
    IOptions<AkkaMailOptions> options, IOptions<RetentionOptions> retention, TimeProvider time)
{
    /// <summary>More is no key but a document.</summary>
    public const int KeyLengthMax = 255;

    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    /// <summary>A tenant's idempotency key as the journal has it; null: it gave none.</summary>
    public static Hash128? KeyOf(string tenant, string? key) =>
        string.IsNullOrEmpty(key) ? null : Hash128.Of(Encoding.UTF8.GetBytes($"{tenant}\n{key}"));

    /// <summary>The tenant, or why nothing of it is taken now.</summary>
    public Refusal? Known(string name, out Tenant? tenant)
    {
        tenant = null;
        if (accounts.Current is not { } known)
            return Refusal.Unavailable("The accounts have not been read yet; nothing was promised.");
        tenant = known.Tenants.GetValueOrDefault(name);
        return tenant is { IsSuspended: true }
            ? new(RefusalCode.TenantSuspended, "The tenant is suspended",
                "Nothing new of it is accepted; ask who runs this.") : null;
    }

    /// <summary>What the key was used for in the last 24 h, as far as the read model knows.</summary>
    public async Task<KnownSubmission?> FirstOf(Hash128? key, CancellationToken cancel) =>
        key is { } k && await read.FindKey(k, cancel) is { } first
            && time.GetUtcNow() - first.Submission.CreatedAt < KeyLife ? first : null;

    /// <summary>The answer to a repeat of <paramref name="first"/>.</summary>
    public async Task<Taken> Again(KnownSubmission first, ValidSend send, CancellationToken cancel)
    {
        var sendAt = first.SendAt ?? send.SendAt;
        return new Taken.Promised(first.Submission, send, sendAt > first.Submission.CreatedAt ? sendAt : null,
            await read.SuppressedAtOnce(first.Submission, cancel));
    }

    public async Task<Taken> Take(Intake intake, CancellationToken cancel)
    {
        var (tenant, send, key, request) = (intake.Tenant, intake.Send, intake.Key, intake.Request);
        Tenant? owner = null;
        if (!intake.IsPassedOn)
        {
            if (Known(tenant, out owner) is { } closed) return new Taken.Refused(closed);
            if (senders.Refuse(tenant, send.Envelope.From.AsciiDomain) is { } unverified)
                return new Taken.Refused(unverified);
        }
        var recipients = await suppressions.Check(tenant, send.Stream, [.. send.Envelope.Recipients()], cancel);
        HashSet<int> suppressed =
            [.. Enumerable.Range(0, recipients.Length).Where(i => recipients[i].Suppressed is not null)];

        var partition = (int)((key?.Low ?? Chance()) % (ulong)data.Installation.Ledgers);
        var admission = await quotas.Admit(tenant, owner?.Quota, send, intake.HasOwnEnd, cancel);
        if (admission.IsDifferent && key is { } unknown)
        {
            // The read model may not have it yet.
            var before = await ledgers.Ask(
                partition, new FindKey(unknown, request), options.Value.AcceptTimeout, cancel);
            if (before is SubmissionAccepted or KeyConflict) quotas.GiveBack(tenant, admission.Grant);
            if (before is SubmissionAccepted a) return new Taken.Promised(a.Id, send, a.SendAt, suppressed);
            if (before is KeyConflict c) return new Taken.KeyInUse(c.First);
        }
        if (admission.Refusal is { } refused) return new Taken.Refused(refused);
        var submission = admission.Send;

        long envelope;
        try
        {
            envelope = await content.Write(
                submission.Content, submission.Envelope, submission.ExpiresAt + retention.Value.Content, cancel);
        }
        catch (ContentStoreException e)
        {
            quotas.GiveBack(tenant, admission.Grant);
            return new Taken.Refused(Faults.RefusalOf(e));
        }

        var facts = new SubmissionFacts
        {
            Tenant = tenant,
            Stream = submission.Stream,
            Kind = accounts.Current?.StreamOf(tenant, submission.Stream)?.Kind ?? Streams.KindOf(submission.Stream),
            Sender = submission.Envelope.From.AsciiDomain,
            Tags = submission.Tags,
            SendAt = submission.SendAt,
            ExpiresAt = submission.ExpiresAt,
            Envelope = envelope,
        };
        var accept = new AcceptSubmissions(
            Chance(), [new(facts, recipients)], key, request, time.GetUtcNow() + options.Value.AcceptTimeout);
        var reply = await ledgers.Ask(partition, accept, options.Value.AcceptTimeout, cancel);
        // Of a failed journal it is not known whether it was stored: then what was taken stays taken.
        if (reply is SubmissionAccepted { IsRepeat: true } or KeyConflict or LedgerFull or TooLate)
            quotas.GiveBack(tenant, admission.Grant);
        return reply switch
        {
            SubmissionAccepted a => new Taken.Promised(a.Id, submission, a.SendAt, suppressed),
            KeyConflict c => new Taken.KeyInUse(c.First),
            LedgerFull f => new Taken.Refused(new(RefusalCode.LedgerFull, "Not now",
                $"{f.Unfinished} messages wait in this ledger: no more for now.")
            { RetryAfter = TimeSpan.FromSeconds(10) }),
            LedgerUnavailable or TooLate =>
                new Taken.Refused(Refusal.Unavailable("The journal does not answer; nothing was promised.")),
            null => new Taken.Refused(Refusal.Unavailable("The ledger does not answer; nothing was promised.")),
            _ => throw new InvalidOperationException($"{reply} is no answer to a submission"),
        };
    }

    private static ulong Chance() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
