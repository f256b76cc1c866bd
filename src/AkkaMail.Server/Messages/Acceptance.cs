using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Cluster;
using AkkaMail.Server.Data;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Messages;

/// <summary>
/// From a valid submission to the promise, whichever door it came by: the sender's domain, the quota, the suppression
/// lists, the content, the ledger.
/// </summary>
internal sealed class Acceptance(
    AccountsView accounts, SenderRules senders, QuotaGate quotas, Suppressions suppressions, EngagedRecipients engaged,
    LedgerAsk ledgers, ContentStore content, DomainIdentity identity, MessageGenerations read, IdempotencyStore keys,
    DataDirectory data, LocalLedgers local, ClusterStanding standing,
    IOptions<AkkaMailOptions> options, IOptions<RetentionOptions> retention, TimeProvider time)
{
    private readonly LedgerTurns _turns = new(data.Installation.Ledgers, () => local.Now, time);

    /// <summary>More is no key but a document.</summary>
    public const int KeyLengthMax = 255;

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

    /// <summary>What the key was used for in the last 24 h, as far as the table of keys knows.</summary>
    public async Task<KnownSubmission?> FirstOf(Hash128? key, CancellationToken cancel) =>
        key is { } k && await keys.Find(k, cancel) is { } first
            && time.GetUtcNow() - first.Submission.CreatedAt < IdempotencyStore.Kept ? first : null;

    /// <summary>The answer to a repeat of <paramref name="first"/>.</summary>
    public async Task<Taken> Again(KnownSubmission first, ValidSend send, CancellationToken cancel)
    {
        var sendAt = first.SendAt ?? send.SendAt;
        return new Taken.Promised([new(first.Submission, send, sendAt > first.Submission.CreatedAt ? sendAt : null,
            await read.Current.SuppressedAtOnce(first.Submission, cancel))])
        { IsRepeat = true };
    }

    public async Task<Taken> Take(Intake intake, CancellationToken cancel)
    {
        var (tenant, key, request) = (intake.Tenant, intake.Key, intake.Request);
        Tenant? owner = null;
        if (data.Gone.Count > 0)
            return new Taken.Refused(Refusal.Unavailable("Files of the data directory are gone; nothing was promised."));
        if (!intake.IsPassedOn)
        {
            if (Known(tenant, out owner) is { } closed) return new Taken.Refused(closed);
            foreach (var send in intake.Sends)
                if (senders.Refuse(tenant, send.Envelope.From.AsciiDomain) is { } unverified)
                    return new Taken.Refused(unverified);
        }
        var recipients = new ImmutableArray<AcceptedRecipient>[intake.Sends.Length];
        for (var i = 0; i < recipients.Length; i++)
            recipients[i] = await suppressions.Check(
                tenant, intake.Sends[i].Stream, [.. intake.Sends[i].Envelope.Recipients()], cancel);

        var partition = key is { } k ? (int)(k.Low % (ulong)data.Installation.Ledgers) : _turns.Now;
        var admission = await quotas.Admit(tenant, owner?.Quota, intake.Sends, intake.HasOwnEnd, cancel);
        if (admission.IsDifferent && key is { } unknown)
        {
            // The table may not have it yet.
            var before = await ledgers.Ask(
                partition, new FindKey(unknown, request), options.Value.AcceptTimeout, cancel);
            if (before is SubmissionAccepted or KeyConflict) quotas.GiveBack(tenant, admission.Grant);
            if (before is SubmissionAccepted a) return Promised(a, intake.Sends, recipients);
            if (before is KeyConflict c) return new Taken.KeyInUse(c.First);
        }
        if (admission.Refusal is { } refused) return new Taken.Refused(refused);
        var sends = admission.Sends;

        var submissions = ImmutableArray.CreateBuilder<NewSubmission>(sends.Length);
        try
        {
            recipients = await engaged.Mark(tenant, sends, recipients, cancel);
            for (var i = 0; i < sends.Length; i++)
            {
                var envelope = intake.IsPassedOn ? sends[i].Envelope : Dressed(tenant, sends[i]);
                submissions.Add(new(FactsOf(intake, sends[i], await content.Write(
                    tenant, sends[i].Content, envelope, sends[i].ExpiresAt + retention.Value.Content, cancel)),
                    recipients[i]));
            }
        }
        catch (Exception e)   // Also a client that is gone: nothing is promised yet.
        {
            quotas.GiveBack(tenant, admission.Grant);
            if (e is StoreException) return new Taken.Refused(Faults.RefusalOf(e));
            throw;
        }

        var accept = new AcceptSubmissions(
            Chance(), submissions.MoveToImmutable(), key, request,
            standing.Shared(time.GetUtcNow() + options.Value.AcceptTimeout));
        var reply = await ledgers.Ask(partition, accept, options.Value.AcceptTimeout, cancel);
        // Of a failed journal it is not known whether it was stored: then what was taken stays taken.
        if (reply is SubmissionAccepted { IsRepeat: true } or KeyConflict or LedgerFull or TooLate)
            quotas.GiveBack(tenant, admission.Grant);
        return reply switch
        {
            SubmissionAccepted a => Promised(a, sends, recipients) with { Left = a.IsRepeat ? null : admission.Left },
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

    private SubmissionEnvelope Dressed(string tenant, ValidSend send) => send.Envelope with
    {
        Dressing = identity.Dress(tenant, send.Stream, send.Envelope.From.AsciiDomain, time.GetUtcNow()),
    };

    private SubmissionFacts FactsOf(Intake intake, ValidSend send, long envelope) => new()
    {
        Tenant = intake.Tenant,
        Stream = send.Stream,
        Kind = accounts.Current?.StreamOf(intake.Tenant, send.Stream)?.Kind ?? Streams.KindOf(send.Stream),
        Sender = send.Envelope.From.AsciiDomain,
        Tags = send.Tags,
        SendAt = send.SendAt,
        ExpiresAt = send.ExpiresAt,
        Envelope = envelope,
        Door = intake.Door,
        By = intake.By,
        Bytes = send.Bytes,
        Trace = intake.Trace,
    };

    /// <summary>Ids of one intake follow each other. When it is sent the ledger says of the first.</summary>
    private static Taken.Promised Promised(
        SubmissionAccepted accepted, ImmutableArray<ValidSend> sends, ImmutableArray<AcceptedRecipient>[] recipients) =>
        new([.. sends.Select((send, i) => new Promise(accepted.Id.Next(i), send,
            i == 0 ? accepted.SendAt : send.SendAt > accepted.Id.CreatedAt ? send.SendAt : null,
            recipients[i].Index().Where(r => r.Item.Suppressed is not null).Select(r => r.Index).ToHashSet()))])
        { IsRepeat = accepted.IsRepeat };

    private static ulong Chance() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
