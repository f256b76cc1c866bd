using System.Collections.Immutable;
using System.Text.Json;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Protocol;
using Google.Protobuf;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// The forms of what nodes say: those that carry many recipients, messages, attempts or events have a wire message, and
/// so has what others travel in; the rest is JSON.
/// </summary>
internal static class NodeWire
{
    private static readonly Dictionary<Type, (Func<object, byte[]> Encode, Func<byte[], object> Decode)> Rows = [];

    static NodeWire()
    {
        Map<ToLedger, LedgerLetterWire>(To, From);
        Map<ToGovernor, GovernorLetterWire>(To, From);
        Map<ToGovernors, GovernorLettersWire>(To, From);
        Map<Leases, LeasesWire>(LeaseWires.To, LeaseWires.From);
        Map<AcceptSubmissions, AcceptWire>(To, From);
        Map<HandedOut, HandedOutWire>(To, From);
        Map<ConcludeAttempts, AttemptsEndedWire>(ConclusionWires.To, ConclusionWires.From);
        Map<UnprojectedEvents, UnprojectedWire>(To, From);
    }

    public static byte[] Encode(object said) => Rows.TryGetValue(said.GetType(), out var row) ? row.Encode(said)
        : JsonSerializer.SerializeToUtf8Bytes(said, said.GetType(), NodeJson.Options);

    public static object Decode(string manifest, byte[] bytes)
    {
        var type = NodeMessageSerializer.TypeOf(manifest);
        return Rows.TryGetValue(type, out var row) ? row.Decode(bytes)
            : JsonSerializer.Deserialize(bytes, type, NodeJson.Options)!;
    }

    private static void Map<T, TWire>(Func<T, TWire> toWire, Func<TWire, T> fromWire)
        where T : notnull where TWire : IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        Rows.Add(typeof(T), (o => toWire((T)o).ToByteArray(), bytes => fromWire(parser.ParseFrom(bytes))));
    }

    private static (string Manifest, ByteString Body) Letter(object message) => (
        NodeMessageSerializer.ManifestOf(message), UnsafeByteOperations.UnsafeWrap(Encode(message)));

    private static LedgerLetterWire To(ToLedger m)
    {
        var (manifest, body) = Letter(m.Message);
        return new() { Partition = m.Partition, Manifest = manifest, Body = body };
    }

    private static ToLedger From(LedgerLetterWire m) => new(m.Partition, Decode(m.Manifest, m.Body.ToByteArray()));

    private static GovernorLetterWire To(ToGovernor m)
    {
        var (manifest, body) = Letter(m.Message);
        return new() { Limit = m.Limit.ToString(), Manifest = manifest, Body = body };
    }

    private static ToGovernor From(GovernorLetterWire m) =>
        new(LimitKey.Parse(m.Limit), Decode(m.Manifest, m.Body.ToByteArray()));

    private static GovernorLettersWire To(ToGovernors m) => new() { Shard = m.Shard, Letters = { m.Words.Select(To) } };

    private static ToGovernors From(GovernorLettersWire m) => new(m.Shard, WireTypes.Array(m.Letters, From));

    private static AcceptWire To(AcceptSubmissions c)
    {
        var (wire, domains) = (new AcceptWire(), new Shared<string>());
        (wire.Chance, wire.Request, wire.AnswerBy) = (c.Chance, c.Request.ToWire(), c.AnswerBy.ToWire());
        if (c.Key is { } key) wire.Key = key.ToWire();
        foreach (var s in c.Submissions)
        {
            var submission = new NewSubmissionWire { Facts = LedgerWire.To(s.Facts) };
            foreach (var r in s.Recipients)
            {
                var recipient = new NewRecipientWire
                {
                    Domain = domains.PlaceOf(r.Domain),
                    AddressHigh = r.Address.High,
                    AddressLow = r.Address.Low,
                };
                if (r.Suppressed is { } entry) recipient.Suppressed = entry;
                if (r.Engaged is { } day) recipient.Engaged = day.ToWire();
                submission.Recipients.Add(recipient);
            }
            wire.Submissions.Add(submission);
        }
        wire.Domains.Add(domains.Values);
        return wire;
    }

    private static AcceptSubmissions From(AcceptWire c) => new(
        c.Chance, WireTypes.Array(c.Submissions, s => new NewSubmission(LedgerWire.From(s.Facts),
            WireTypes.Array(s.Recipients, r => new AcceptedRecipient(
                c.Domains[r.Domain], new(r.AddressHigh, r.AddressLow), r.HasSuppressed ? r.Suppressed : null)
            {
                Engaged = r.HasEngaged ? r.Engaged.ToDay() : null,
            }))),
        c.Key?.ToHash(), c.Request.ToHash(), c.AnswerBy.ToTime());

    private static HandedOutWire To(HandedOut h)
    {
        var wire = new HandedOutWire { Partition = h.Partition, Queue = To(h.Queue), Left = h.Left };
        foreach (var m in h.Messages)
            wire.Messages.Add(new DueMessageWire
            {
                Id = m.Attempt.ToWire(),
                Envelope = m.Envelope,
                AcceptedAt = m.AcceptedAt.ToWire(),
                ExpiresAt = m.ExpiresAt.ToWire(),
                DueAt = m.DueAt.ToWire(),
            });
        if (h.Head is { } head) wire.Head = new() { Due = head.Due.ToWire(), Engaged = head.Engaged };
        return wire;
    }

    private static HandedOut From(HandedOutWire h)
    {
        var queue = From(h.Queue);
        return new(h.Partition, queue, WireTypes.Array(h.Messages, m => From(m, queue)), h.Left)
        {
            Head = h.Head is { } head ? new FreshHead(head.Due.ToTime(), head.Engaged) : null,
        };
    }

    private static DueMessage From(DueMessageWire m, in QueueKey queue)
    {
        var id = m.Id.ToId();
        return new(id.Message, id.Number, queue, m.Envelope, m.AcceptedAt.ToTime(), m.ExpiresAt.ToTime())
        {
            DueAt = m.DueAt.ToTime(),
        };
    }

    private static QueueKeyWire To(in QueueKey q)
    {
        var wire = new QueueKeyWire { Domain = q.Domain, Tenant = q.Tenant, Stream = q.Stream };
        if (q.OwnKind is { } kind) wire.OwnKind = (int)kind;
        return wire;
    }

    private static QueueKey From(QueueKeyWire q) =>
        new(q.Domain, q.Tenant, q.Stream, q.HasOwnKind ? (StreamKind)q.OwnKind : null);

    private static UnprojectedWire To(UnprojectedEvents u)
    {
        var wire = new UnprojectedWire();
        foreach (var e in u.Events) wire.Events.Add(SnapshotWire.To(e));
        return wire;
    }

    private static UnprojectedEvents From(UnprojectedWire u) => new(WireTypes.Array(u.Events, SnapshotWire.From));
}
