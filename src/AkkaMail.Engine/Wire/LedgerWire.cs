using AkkaMail.Core.Attempts;
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

    public static AttemptsConcludedWire To(AttemptsConcluded e)
    {
        var wire = new AttemptsConcludedWire { At = e.At.ToWire() };
        foreach (var c in e.Conclusions) wire.Conclusions.Add(To(c));
        return wire;
    }

    public static AttemptsConcluded From(AttemptsConcludedWire e) =>
        new(e.At.ToTime(), WireTypes.Array(e.Conclusions, From));

    public static MessagesEndedWire To(MessagesEnded e)
    {
        var wire = new MessagesEndedWire { At = e.At.ToWire() };
        foreach (var end in e.Ends) wire.Ends.Add(To(end));
        return wire;
    }

    public static MessagesEnded From(MessagesEndedWire e) => new(e.At.ToTime(), WireTypes.Array(e.Ends, From));

    private static MessageEndWire To(MessageEnd e)
    {
        var wire = new MessageEndWire { Id = e.Message.ToWire(), Status = (int)e.Status };
        if (e.By is { } by) wire.By = by;
        if (e.Order is { } order) wire.Order = order;
        if (e.Site is { } site) wire.Site = site;
        if (e.Source is { } source) wire.Source = source;
        if (e.Provider is { } provider) wire.Provider = provider;
        return wire;
    }

    private static MessageEnd From(MessageEndWire e) => new(e.Id.ToId(), (MessageStatus)e.Status)
    {
        By = e.HasBy ? e.By : null,
        Order = e.HasOrder ? e.Order : null,
        Site = e.HasSite ? e.Site : null,
        Source = e.HasSource ? e.Source : null,
        Provider = e.HasProvider ? e.Provider : null,
    };

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
        };
        wire.Tags.AddRange(f.Tags);
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
        return wire;
    }

    private static AcceptedSubmission From(AcceptedSubmissionWire s) => new(
        s.Id.ToId(), From(s.Facts),
        s.Key is { } key ? new(key.Key.ToHash(), key.Request.ToHash(), key.Count) : null,
        WireTypes.Array(s.Recipients, r => new AcceptedRecipient(
            r.Domain, new(r.AddressHigh, r.AddressLow), r.HasSuppressed ? r.Suppressed : null)));

    private static ConclusionWire To(Conclusion c)
    {
        var a = c.Attempt;
        var wire = new ConclusionWire
        {
            Id = a.Id.ToWire(),
            Site = a.Site,
            Reply = a.Reply.ToWire(),
            End = (int)a.End,
            Step = (int)a.Step,
            StartedAt = a.StartedAt.ToWire(),
            Duration = a.Duration.Ticks,
            Status = (int)c.Status,
            Rule = c.Rule,
            Class = (int)a.Judged.Class,
        };
        if (a.Mx is { } mx) wire.Mx = mx;
        if (a.Source is { } source) wire.Source = source;
        if (a.Tls is { } tls) wire.Tls = tls;
        if (c.DueAt is { } due) wire.DueAt = due.ToWire();
        if (a.Judged.Verdict is { } verdict) wire.Verdict = To(verdict);
        if (a.Judged.RetryAfter is { } wait) wire.RetryAfter = wait.Ticks;
        return wire;
    }

    public static MessagesAmendedWire To(MessagesAmended e)
    {
        var wire = new MessagesAmendedWire { At = e.At.ToWire() };
        foreach (var a in e.Amendments) wire.Amendments.Add(To(a));
        return wire;
    }

    public static MessagesAmended From(MessagesAmendedWire e) =>
        new(e.At.ToTime(), WireTypes.Array(e.Amendments, From));

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
        if (a.Verdict is { } verdict) wire.Verdict = To(verdict);
        if (a.Source is { } source) wire.Source = source;
        if (a.Site is { } site) wire.Site = site;
        return wire;
    }

    private static Amendment From(AmendmentWire a) => new(
        a.Id.ToId(), (AmendmentKind)a.Kind, new(a.ReportHigh, a.ReportLow), a.Reporter,
        a.HasFeedbackType ? a.FeedbackType : null, a.Reply.ToReply(),
        a.Verdict is { } verdict ? From(verdict) : null, a.HasSource ? a.Source : null, a.HasSite ? a.Site : null,
        a.Mail)
    { IsOfAnother = a.IsOfAnother };

    private static VerdictWire To(Verdict v) => new()
    {
        Reason = (int)v.Reason,
        IsTemporary = v.IsTemporary,
        StatusClass = v.Status?.Class ?? 0,
        StatusSubject = v.Status?.Subject ?? 0,
        StatusDetail = v.Status?.Detail ?? 0,
        Rule = v.Rule,
        Version = v.Version,
    };

    private static Verdict From(VerdictWire v) => new(
        (BounceReason)v.Reason, v.IsTemporary,
        v.StatusClass == 0 ? null : new(v.StatusClass, v.StatusSubject, v.StatusDetail), v.Rule, v.Version);

    private static Conclusion From(ConclusionWire c) => new(
        new(c.Id.ToId(), c.Site, c.Reply.ToReply(),
            (AttemptEnd)c.End, c.HasMx ? c.Mx : null, c.HasSource ? c.Source : null, (SmtpStep)c.Step,
            c.HasTls ? c.Tls : null, c.StartedAt.ToTime(), new TimeSpan(c.Duration))
        {
            Judged = new((ReplyClass)c.Class, c.Verdict is { } verdict ? From(verdict) : null,
                c.HasRetryAfter ? new(c.RetryAfter) : null),
        },
        (MessageStatus)c.Status, c.HasDueAt ? c.DueAt.ToTime() : null, c.Rule);
}
