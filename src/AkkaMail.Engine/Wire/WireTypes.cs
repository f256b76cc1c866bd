using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Replies;

namespace AkkaMail.Engine.Wire;

/// <summary>The values that events share, to the wire and back.</summary>
internal static class WireTypes
{
    public static long ToWire(this DateTimeOffset at) => at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
    public static DateTimeOffset ToTime(this long ticks) =>
        new(ticks + DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.Zero);

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

    public static ImmutableArray<T> Array<TWire, T>(IReadOnlyList<TWire> from, Func<TWire, T> convert)
    {
        var items = ImmutableArray.CreateBuilder<T>(from.Count);
        foreach (var item in from) items.Add(convert(item));
        return items.MoveToImmutable();
    }
}
