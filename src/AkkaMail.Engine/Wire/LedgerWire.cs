using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Engine.Wire;

/// <summary>Each ledger event to its own wire message and back.</summary>
internal static class LedgerWire
{
    public static SubmissionsAcceptedWire To(SubmissionsAccepted e)
    {
        var wire = new SubmissionsAcceptedWire { At = e.At.ToWire() };
        foreach (var s in e.Submissions) wire.Submissions.Add(To(s));
        return wire;
    }

    public static SubmissionsAccepted From(SubmissionsAcceptedWire e) =>
        new(e.At.ToTime(), WireTypes.Array(e.Submissions, From));

    public static AttemptsStartedWire To(AttemptsStarted e)
    {
        var wire = new AttemptsStartedWire { At = e.At.ToWire(), Node = e.Node };
        foreach (var a in e.Attempts) wire.Attempts.Add(a.ToWire());
        return wire;
    }

    public static AttemptsStarted From(AttemptsStartedWire e) =>
        new(e.At.ToTime(), e.Node, WireTypes.Array(e.Attempts, WireTypes.ToId));

    public static MessagesEndedWire To(MessagesEnded e)
    {
        var wire = new MessagesEndedWire { At = e.At.ToWire() };
        var (senders, ways) = (new Shared<SentBy>(), new Shared<Way>());
        foreach (var end in e.Ends)
        {
            var one = new MessageEndWire { Id = end.Message.ToWire(), Status = (int)end.Status };
            one.Sender = senders.PlaceOf(end.SentBy);
            if (end.Last is { } way) one.Way = ways.PlaceOf(way);
            if (end.By is { } by) one.By = by;
            if (end.Asked is { } asked) one.Asked = asked;
            if (end.Note is { } note) one.Note = note;
            wire.Ends.Add(one);
        }
        foreach (var sender in senders.Values) wire.Senders.Add(sender.ToWire());
        foreach (var way in ways.Values) wire.Ways.Add(way.ToWire());
        return wire;
    }

    public static MessagesEnded From(MessagesEndedWire e)
    {
        var (senders, ways) =
            (WireTypes.Array(e.Senders, WireTypes.ToSentBy), WireTypes.Array(e.Ways, WireTypes.ToWay));
        return new(e.At.ToTime(), WireTypes.Array(e.Ends,
            end => new MessageEnd(end.Id.ToId(), (MessageStatus)end.Status, senders[end.Sender])
            {
                By = end.HasBy ? end.By : null,
                Asked = end.HasAsked ? end.Asked : null,
                Note = end.HasNote ? end.Note : null,
                Last = end.HasWay ? ways[end.Way] : null,
            }));
    }

    private static AcceptedSubmissionWire To(AcceptedSubmission s)
    {
        var wire = new AcceptedSubmissionWire
        {
            Id = s.Id.ToWire(),
            Facts = To(s.Facts),
        };
        if (s.Key is { } key)
            wire.Key = new() { Key = key.Key.ToWire(), Request = key.Request.ToWire(), Count = key.Count };
        foreach (var r in s.Recipients) wire.Recipients.Add(To(r));
        return wire;
    }

    /// <summary>Of the event and of the snapshot.</summary>
    public static FactsWire To(SubmissionFacts f)
    {
        var wire = new FactsWire
        {
            Tenant = f.Tenant,
            Stream = f.Stream,
            Kind = (int)f.Kind,
            Sender = f.Sender,
            ExpiresAt = f.ExpiresAt.ToWire(),
            Envelope = f.Envelope,
            Door = (int)f.Door,
            Bytes = f.Bytes,
        };
        wire.Tags.AddRange(f.Tags);
        if (f.By is { } by) wire.By = by;
        if (f.Trace is { } trace) wire.Trace = trace;
        if (f.SendAt is { } sendAt) wire.SendAt = sendAt.ToWire();
        return wire;
    }

    public static SubmissionFacts From(FactsWire f) => new()
    {
        Tenant = f.Tenant,
        Stream = f.Stream,
        Kind = (StreamKind)f.Kind,
        Sender = f.Sender,
        Tags = [.. f.Tags],
        SendAt = f.HasSendAt ? f.SendAt.ToTime() : null,
        ExpiresAt = f.ExpiresAt.ToTime(),
        Envelope = f.Envelope,
        Door = (Door)f.Door,
        By = f.HasBy ? f.By : null,
        Bytes = f.Bytes,
        Trace = f.HasTrace ? f.Trace : null,
    };

    private static AcceptedRecipientWire To(AcceptedRecipient r)
    {
        var wire = new AcceptedRecipientWire
        {
            Domain = r.Domain,
            AddressHigh = r.Address.High,
            AddressLow = r.Address.Low,
        };
        if (r.Suppressed is { } entry) wire.Suppressed = entry;
        if (r.Engaged is { } day) wire.Engaged = day.ToWire();
        return wire;
    }

    private static AcceptedSubmission From(AcceptedSubmissionWire s) => new(
        s.Id.ToId(), From(s.Facts),
        s.Key is { } key ? new(key.Key.ToHash(), key.Request.ToHash(), key.Count) : null,
        WireTypes.Array(s.Recipients, r => new AcceptedRecipient(
            r.Domain, new(r.AddressHigh, r.AddressLow), r.HasSuppressed ? r.Suppressed : null)
        {
            Engaged = r.HasEngaged ? r.Engaged.ToDay() : null,
        }));

    public static MessagesAmendedWire To(MessagesAmended e)
    {
        var wire = new MessagesAmendedWire { At = e.At.ToWire() };
        var senders = new Shared<SentBy>();
        foreach (var a in e.Amendments)
        {
            var amendment = To(a);
            amendment.Sender = senders.PlaceOf(a.SentBy);
            wire.Amendments.Add(amendment);
        }
        foreach (var sender in senders.Values) wire.Senders.Add(sender.ToWire());
        return wire;
    }

    public static MessagesAmended From(MessagesAmendedWire e)
    {
        var senders = WireTypes.Array(e.Senders, WireTypes.ToSentBy);
        return new(e.At.ToTime(), WireTypes.Array(e.Amendments, a => From(a, senders[a.Sender])));
    }

    private static AmendmentWire To(Amendment a)
    {
        var wire = new AmendmentWire
        {
            Id = a.Message.ToWire(),
            Kind = (int)a.Kind,
            ReportHigh = a.Report.High,
            ReportLow = a.Report.Low,
            Reporter = a.Reporter,
            Reply = a.Reply.ToWire(),
            Mail = a.Mail,
            IsOfAnother = a.IsOfAnother,
        };
        if (a.FeedbackType is { } type) wire.FeedbackType = type;
        if (a.Verdict is { } verdict) wire.Verdict = verdict.ToWire();
        if (a.Source is { } source) wire.Source = source;
        if (a.Site is { } site) wire.Site = site;
        if (a.Provider is { } provider) wire.Provider = provider;
        return wire;
    }

    private static Amendment From(AmendmentWire a, SentBy sender) => new(
        a.Id.ToId(), (AmendmentKind)a.Kind, new(a.ReportHigh, a.ReportLow), a.Reporter,
        a.HasFeedbackType ? a.FeedbackType : null, a.Reply.ToReply(),
        a.Verdict?.ToVerdict(), a.HasSource ? a.Source : null, a.HasSite ? a.Site : null, a.Mail)
    {
        SentBy = sender,
        Provider = a.HasProvider ? a.Provider : null,
        IsOfAnother = a.IsOfAnother,
    };
}
