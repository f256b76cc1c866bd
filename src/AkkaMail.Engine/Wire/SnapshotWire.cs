using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Reading;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// A ledger actor's memory: the ledger, and the events the read model had not acknowledged up to
/// <paramref name="Projected"/> + 1 and on.
/// </summary>
public sealed record LedgerMemory(LedgerSnapshot Ledger, long Projected, ImmutableArray<NumberedEvent> Unprojected);

internal static class SnapshotWire
{
    public static LedgerSnapshotWire To(LedgerMemory memory)
    {
        var wire = new LedgerSnapshotWire { Partition = memory.Ledger.Partition, Projected = memory.Projected };
        foreach (var s in memory.Ledger.Submissions) wire.Submissions.Add(To(s));
        foreach (var k in memory.Ledger.Keys)
            wire.Keys.Add(new KeySnapshotWire
            {
                Key = k.Key.ToWire(),
                Submission = k.Submission.ToWire(),
                Request = k.Request.ToWire(),
                Scheduled = k.Scheduled,
                At = k.At.ToWire(),
            });
        foreach (var e in memory.Unprojected)
        {
            var (manifest, bytes) = AkkaMailSerializer.Encode(e.Event);
            wire.Unprojected.Add(new NumberedEventWire
            {
                SequenceNr = e.SequenceNr,
                Manifest = manifest,
                Event = Google.Protobuf.ByteString.CopyFrom(bytes),
            });
        }
        return wire;
    }

    public static LedgerMemory From(LedgerSnapshotWire wire) => new(
        new(wire.Partition, WireTypes.Array(wire.Submissions, From),
            WireTypes.Array(wire.Keys, k => new KeySnapshot(
                k.Key.ToHash(), k.Submission.ToId(), k.Request.ToHash(), k.Scheduled, k.At.ToTime()))),
        wire.Projected,
        WireTypes.Array(wire.Unprojected, e => new NumberedEvent(
            e.SequenceNr, (ILedgerEvent)AkkaMailSerializer.Decode(e.Manifest, e.Event.ToByteArray()))));

    private static SubmissionSnapshotWire To(SubmissionSnapshot s)
    {
        var wire = new SubmissionSnapshotWire
        {
            Id = s.Id.ToWire(),
            Envelope = s.Envelope,
            Stream = s.Stream,
            AcceptedAt = s.AcceptedAt.ToWire(),
            ExpiresAt = s.ExpiresAt.ToWire(),
        };
        foreach (var m in s.Messages)
        {
            var message = new MessageSnapshotWire
            {
                Site = m.Site,
                Status = (int)m.Status,
                Attempts = m.Attempts,
                Time = m.Time.ToWire(),
            };
            if (m.Node is { } node) message.Node = node;
            wire.Messages.Add(message);
        }
        return wire;
    }

    private static SubmissionSnapshot From(SubmissionSnapshotWire s) => new(
        s.Id.ToId(), s.Envelope, s.Stream, s.AcceptedAt.ToTime(), s.ExpiresAt.ToTime(),
        WireTypes.Array(s.Messages, m => new MessageSnapshot(
            m.Site, (MessageStatus)m.Status, m.Attempts, m.Time.ToTime(), m.HasNode ? m.Node : null)));
}
