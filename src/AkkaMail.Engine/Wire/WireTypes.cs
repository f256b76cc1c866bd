using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;

namespace AkkaMail.Engine.Wire;

/// <summary>The values that events share, to the wire and back.</summary>
internal static class WireTypes
{
    public static long ToWire(this DateTimeOffset at) => at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
    public static DateTimeOffset ToTime(this long ticks) =>
        new(ticks + DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.Zero);

    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static int ToWire(this DateOnly day) => day.DayNumber - FirstDay;
    public static DateOnly ToDay(this int days) => DateOnly.FromDayNumber(days + FirstDay);

    public static SubmissionIdWire ToWire(this SubmissionId id) => new() { High = id.High, Low = id.Low };
    public static SubmissionId ToId(this SubmissionIdWire id) => new(id.High, id.Low);

    public static Hash128Wire ToWire(this Hash128 hash) => new() { High = hash.High, Low = hash.Low };
    public static Hash128 ToHash(this Hash128Wire hash) => new(hash.High, hash.Low);

    public static MessageIdWire ToWire(this MessageId id) =>
        new() { High = id.Submission.High, Low = id.Submission.Low, Index = id.Index };
    public static MessageId ToId(this MessageIdWire id) => new(new(id.High, id.Low), id.Index);

    public static AttemptIdWire ToWire(this AttemptId id) => new()
    {
        High = id.Message.Submission.High,
        Low = id.Message.Submission.Low,
        Index = id.Message.Index,
        Number = id.Number,
    };
    public static AttemptId ToId(this AttemptIdWire id) => new(new(new(id.High, id.Low), id.Index), id.Number);

    public static ReplyWire ToWire(this SmtpReply reply)
    {
        var wire = new ReplyWire { Code = reply.Code, Text = reply.Text, Origin = (int)reply.Origin };
        if (reply.Enhanced is { } enhanced)
            (wire.EnhancedClass, wire.EnhancedSubject, wire.EnhancedDetail) =
                (enhanced.Class, enhanced.Subject, enhanced.Detail);
        return wire;
    }

    public static SmtpReply ToReply(this ReplyWire r) => new(
        r.Code, r.EnhancedClass == 0 ? null : new(r.EnhancedClass, r.EnhancedSubject, r.EnhancedDetail), r.Text)
    { Origin = (ReplyOrigin)r.Origin };

    public static VerdictWire ToWire(this Verdict v) => new()
    {
        Reason = (int)v.Reason,
        IsTemporary = v.IsTemporary,
        StatusClass = v.Status?.Class ?? 0,
        StatusSubject = v.Status?.Subject ?? 0,
        StatusDetail = v.Status?.Detail ?? 0,
        Rule = v.Rule,
        Version = v.Version,
    };

    public static Verdict ToVerdict(this VerdictWire v) => new(
        (BounceReason)v.Reason, v.IsTemporary,
        v.StatusClass == 0 ? null : new(v.StatusClass, v.StatusSubject, v.StatusDetail), v.Rule, v.Version);

    public static SenderWire ToWire(this SentBy s) =>
        new() { Tenant = s.Tenant, Stream = s.Stream, Kind = (int)s.Kind, Sender = s.Sender };

    public static SentBy ToSentBy(this SenderWire s) => new(s.Tenant, s.Stream, (StreamKind)s.Kind, s.Sender);

    public static WayWire ToWire(this Way way)
    {
        var wire = new WayWire { Site = way.Site };
        if (way.Source is { } source) wire.Source = source;
        if (way.Provider is { } provider) wire.Provider = provider;
        return wire;
    }

    public static Way ToWay(this WayWire w) =>
        new(w.Site, w.HasSource ? w.Source : null, w.HasProvider ? w.Provider : null);

    public static ImmutableArray<T> Array<TWire, T>(IReadOnlyList<TWire> from, Func<TWire, T> convert)
    {
        var items = ImmutableArray.CreateBuilder<T>(from.Count);
        foreach (var item in from) items.Add(convert(item));
        return items.MoveToImmutable();
    }
}
