using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Inbound;

/// <summary>What is done about an examined mail: its message's story goes on.</summary>
internal sealed class ReturnActions(
    MessageStories stories, ContentStore content, LedgerAsk ledgers, MessageGenerations read, DomainReports reports,
    Forwarding forwarding)
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(10);

    public async Task<InboundReading> Act(ExaminedMail found, CancellationToken cancel)
    {
        var mail = found.Mail;
        switch (mail.Door)
        {
            case ReturnDoor.People:
                var (outcome, message, detail) = await forwarding.PassOn(found, cancel);
                return Reading(found, outcome) with { Message = message, Detail = detail };
            case ReturnDoor.Dmarc or ReturnDoor.Tls: return await TakeReport(found, cancel);
        }
        // Wherever it came to: a bounce is hardly ever signed, but those who report complaints sign.
        if (found.Results.Any(r => r.Kind == BounceKind.Feedback))
        {
            if (found.IsDisowned) return Reading(found, InboundOutcome.Unverified, found.Results[0]);
            if (found is { Verdict: null, IsUnreadable: false } && mail.Door == ReturnDoor.Feedback)
                throw new PutOffException("DNS does not say now who sent it");
        }
        if (found.Message is not { } id)
            return Reading(found, found.Results.Any(r => r.Kind == BounceKind.Feedback)
                ? InboundOutcome.Unattributed : InboundOutcome.Unclear, found.Results.FirstOrDefault());
        if (await Find(id, cancel) is not { } story)
            return Reading(found, InboundOutcome.UnknownMessage, found.Results.FirstOrDefault()) with
            {
                Tenant = mail.Reading.Tenant,   // Of an earlier reading, when the message was still there.
            };
        var attempt = LaneOf.Attempt(story);
        var way = attempt is null ? WayOf(story.Message)
            : new Way(attempt.Site, attempt.Source, attempt.Departure?.Provider);
        var returning = InboundJudge.Judge(found.Results, id, story.Message.Facts.SentBy, way,
            await RecipientOf(story, cancel), found.Reporter, mail.Id);
        var reading = Reading(found, returning.Outcome, returning.Result) with { Tenant = story.Message.Facts.Tenant };
        if (returning.Amendment is not { } amendment) return reading;
        if (story.Events.FirstOrDefault(e => e.Amended?.Report == amendment.Report)?.Amended is { } told)
            // The same mail again: a crash came between the journal and here.
            return told.Mail == mail.Id ? reading : reading with { Outcome = InboundOutcome.Repeat };
        await Record(amendment, cancel);
        return reading;
    }

    /// <summary>
    /// Its figures go to the domain. One of several that is taken is enough: the others' reasons stand beside it.
    /// </summary>
    private async Task<InboundReading> TakeReport(ExaminedMail found, CancellationToken cancel)
    {
        if (found.IsUnreadable)
            return Reading(found, InboundOutcome.Refused) with { Detail = "It is no mail with a report in it." };
        if (found.Verdict is not { } verdict) throw new PutOffException("DNS does not say now who sent it");
        var taken = await reports.TakeMailAsync(found.Bytes, verdict, cancel);
        if (taken.PutOff is { } later) throw new PutOffException(later.Reason);
        var isTaken = taken.Reports.Any(r => r is ReportTaken or ReportRepeated);
        var why = string.Join("; ", taken.Reports.OfType<ReportRefused>().Select(r => r.Reason));
        return Reading(found, isTaken ? InboundOutcome.DomainReport : InboundOutcome.Refused) with
        {
            Detail = why.Length > 0 ? why : null,
        };
    }

    /// <summary>Its row knows longer than its story where it went last; null: it came to no site.</summary>
    private static Way? WayOf(MessageView message) => message.Site is not { } site ? null
        : new(site, message.Source, message.Provider.StartsWith('~') ? null : message.Provider);

    private async Task<MessageStory?> Find(MessageId id, CancellationToken cancel)
    {
        try
        {
            if (await stories.Find(id, cancel) is var story && (story is not null || id.Submission.Partition >= ledgers.Count))
                return story;
            // While the model is made anew a message may be there again soon; and it may be there by now.
            if (await ledgers.Ask(id.Submission.Partition, AskStand.Instance, LedgerTimeout, cancel) is not LedgerStand stand
                || stand.LagOf(read.Row.Current) > 0)
                throw new PutOffException("the read model is behind");
            return await stories.Find(id, cancel);
        }
        catch (UnavailableException e) { throw new PutOffException(e.Message); }
        catch (StoreException e) { throw new PutOffException(e.Message); }
    }

    private async Task Record(Amendment amendment, CancellationToken cancel)
    {
        var reply = await ledgers.Ask(amendment.Message.Submission.Partition,
            new AmendMessages([amendment]), LedgerTimeout, cancel);
        if (reply is not AmendmentsRecorded) throw new PutOffException("the journal does not answer");
    }

    private async Task<string?> RecipientOf(MessageStory story, CancellationToken cancel)
    {
        try
        {
            return (await content.FindRecipient(story.Message.Facts.Envelope, story.Message.Id.Index, cancel))?
                .EnvelopeAddress;
        }
        catch (StoreException e) { throw new PutOffException(e.Message); }
    }

    private static InboundReading Reading(ExaminedMail found, InboundOutcome outcome, BounceResult? result = null) => new(
        outcome, found.Message, null,
        new(result?.Kind, result?.FeedbackType, result?.Verdict?.Reason, result?.Verdict?.Rule, found.Version),
        found.Reporter, found.VerifiedSender is not null, found.Verdict?.ToResults("akkamail").ToString(), null);
}
