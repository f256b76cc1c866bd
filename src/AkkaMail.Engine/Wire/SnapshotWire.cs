using System.Collections.Immutable;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Protocol;
using Google.Protobuf;

namespace AkkaMail.Engine.Wire;

internal static class SnapshotWire
{
    private const int SubmissionsAtOnce = 500;

    /// <summary>
    /// The parts of a message one after the other are the message (protobuf merges them), so a few hundred submissions
    /// at a time are made into wire objects: for 200,000 at once they would take more memory than the ledger itself.
    /// </summary>
    public static byte[] Encode(LedgerMemory memory)
    {
        var parts = new List<byte[]> { Rest(memory).ToByteArray() };
        foreach (var some in memory.Ledger.Submissions.Chunk(SubmissionsAtOnce))
            parts.Add(new LedgerSnapshotWire { Submissions = { some.Select(To) } }.ToByteArray());
        var bytes = new byte[parts.Sum(p => p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(bytes, at);
            at += part.Length;
        }
        return bytes;
    }

    private static LedgerSnapshotWire Rest(LedgerMemory memory)
    {
        var wire = new LedgerSnapshotWire { Partition = memory.Ledger.Partition, Projected = memory.Projected };
        foreach (var k in memory.Ledger.Keys)
        {
            var key = new KeySnapshotWire
            {
                Key = k.Key.ToWire(),
                Submission = k.Submission.ToWire(),
                Count = k.Count,
                Request = k.Request.ToWire(),
                At = k.At.ToWire(),
            };
            if (k.SendAt is { } sendAt) key.SendAt = sendAt.ToWire();
            wire.Keys.Add(key);
        }
        foreach (var id in memory.Ledger.Recent) wire.Recent.Add(id.ToWire());
        foreach (var e in memory.Unprojected) wire.Unprojected.Add(To(e));
        return wire;
    }

    public static NumberedEventWire To(NumberedEvent e)
    {
        var (manifest, bytes) = AkkaMailSerializer.Encode(e.Event);
        return new() { SequenceNr = e.SequenceNr, Manifest = manifest, Event = UnsafeByteOperations.UnsafeWrap(bytes) };
    }

    public static NumberedEvent From(NumberedEventWire e) =>
        new(e.SequenceNr, (ILedgerEvent)AkkaMailSerializer.Decode(e.Manifest, e.Event.ToByteArray()));

    public static LedgerMemory From(LedgerSnapshotWire wire) => new(
        new(wire.Partition, WireTypes.Array(wire.Submissions, From),
            WireTypes.Array(wire.Keys, k => new KeySnapshot(
                k.Key.ToHash(), k.Submission.ToId(), k.Count, k.Request.ToHash(), k.At.ToTime(),
                k.HasSendAt ? k.SendAt.ToTime() : null)))
        {
            Recent = WireTypes.Array(wire.Recent, id => id.ToId()),
        },
        wire.Projected, WireTypes.Array(wire.Unprojected, From));

    private static SubmissionSnapshotWire To(SubmissionSnapshot s)
    {
        var wire = new SubmissionSnapshotWire
        {
            Id = s.Id.ToWire(),
            Facts = LedgerWire.To(s.Facts),
            AcceptedAt = s.AcceptedAt.ToWire(),
        };
        foreach (var m in s.Messages)
        {
            var message = new MessageSnapshotWire
            {
                Domain = m.Domain,
                Status = (int)m.Status,
                Attempts = m.Attempts,
                Time = m.Time.ToWire(),
                IsEngaged = m.IsEngaged,
            };
            if (m.Node is { } node) message.Node = node;
            if (m.Last is { } last) message.Last = last.ToWire();
            wire.Messages.Add(message);
        }
        return wire;
    }

    private static SubmissionSnapshot From(SubmissionSnapshotWire s) => new(
        s.Id.ToId(), LedgerWire.From(s.Facts), s.AcceptedAt.ToTime(),
        WireTypes.Array(s.Messages, m => new MessageSnapshot(
            m.Domain, (MessageStatus)m.Status, m.Attempts, m.Time.ToTime(), m.HasNode ? m.Node : null,
            m.Last?.ToWay(), m.IsEngaged)));
}
