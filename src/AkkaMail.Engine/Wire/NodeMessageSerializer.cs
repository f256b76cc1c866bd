using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// What nodes say to each other: protobuf where it is much (<see cref="NodeWire"/>), JSON by their types else, since
/// nothing of it is kept. A field that is new is null to an older node, one it does not know is skipped; so nodes of
/// two versions run side by side during an upgrade. How large it may get is in <see cref="NodeBounds"/>.
/// </summary>
public sealed class NodeMessageSerializer(ExtendedActorSystem system, EngineMetrics? metrics = null)
    : SerializerWithStringManifest(system)
{
    private const int KindsLogged = 100;

    private readonly ConcurrentDictionary<(string Kind, string Way), byte> _faulty = new();

    /// <summary>Beside <see cref="AkkaMailSerializer.Id"/>, which is for what is kept.</summary>
    public const int Id = 8026;

    private static readonly Dictionary<string, Type> Rows = new()
    {
        ["to-ledger"] = typeof(ToLedger),
        ["accept"] = typeof(AcceptSubmissions),
        ["take"] = typeof(TakeDue),
        ["conclude"] = typeof(ConcludeAttempts),
        ["cancel"] = typeof(CancelMessage),
        ["amend"] = typeof(AmendMessages),
        ["amended"] = typeof(AmendmentsRecorded),
        ["pass-time"] = typeof(PassTime),
        ["find-key"] = typeof(FindKey),
        ["key-unknown"] = typeof(KeyUnknown),
        ["accepted"] = typeof(SubmissionAccepted),
        ["key-conflict"] = typeof(KeyConflict),
        ["full"] = typeof(LedgerFull),
        ["too-late"] = typeof(TooLate),
        ["handed-out"] = typeof(HandedOut),
        ["recorded"] = typeof(AttemptsRecorded),
        ["cancel-reply"] = typeof(CancelReply),
        ["wake"] = typeof(Wake),
        ["awake"] = typeof(Awake),
        ["read-unprojected"] = typeof(ReadUnprojected),
        ["unprojected"] = typeof(UnprojectedEvents),
        ["ask-why"] = typeof(AskWhyTheyWait),
        ["why"] = typeof(WhyTheyWait),
        ["explain"] = typeof(ExplainQueued),
        ["unavailable"] = typeof(LedgerUnavailable),
        ["moved"] = typeof(Moved),
        ["leave-cluster"] = typeof(LeaveCluster),
        ["move-ledger"] = typeof(MoveLedger),
        ["ask-database"] = typeof(AskDatabase),
        ["database-reached"] = typeof(DatabaseReached),
        ["began"] = typeof(LedgerBegan),
        ["generations"] = typeof(GenerationsChanged),
        ["ask-stand"] = typeof(AskStand),
        ["stand"] = typeof(LedgerStand),
        ["say-what-waits"] = typeof(SayWhatWaits),
        ["has-mail"] = typeof(QueueHasMail),
        ["what-runs"] = typeof(WhatRuns),
        ["disowned"] = typeof(Disowned),
        ["to-governor"] = typeof(ToGovernor),
        ["to-governors"] = typeof(ToGovernors),
        ["renew"] = typeof(RenewLease),
        ["leave"] = typeof(LeaveLane),
        ["leases-packed"] = typeof(Leases),
        ["describe"] = typeof(DescribeLane),
        ["lane"] = typeof(LaneState),
        ["tell-standing"] = typeof(TellStanding),
        ["figures"] = typeof(ReadFigures),
        ["list-alerts"] = typeof(ListAlerts),
        ["open-alerts"] = typeof(OpenAlerts),
        ["feedback"] = typeof(CountFeedback),
        ["feedback-taken"] = typeof(FeedbackTaken),
        ["suspend"] = typeof(LaneOrder.Suspend),
        ["resume"] = typeof(LaneOrder.Resume),
        ["limit"] = typeof(LaneOrder.Limit),
        ["warm-up-start"] = typeof(LaneOrder.StartWarmUp),
        ["warm-up-pause"] = typeof(LaneOrder.PauseWarmUp),
        ["warm-up-resume"] = typeof(LaneOrder.ResumeWarmUp),
        ["warm-up-complete"] = typeof(LaneOrder.CompleteWarmUp),
        ["order-refused"] = typeof(OrderRefused),
        ["list-lanes"] = typeof(ListLanes),
        ["lanes"] = typeof(NodeLanes),
        ["read-tls-day"] = typeof(ReadTlsDay),
        ["tls-day"] = typeof(TlsDayPage),
        ["tenant-create"] = typeof(AccountOrder.CreateTenant),
        ["tenant-change"] = typeof(AccountOrder.ChangeTenant),
        ["tenant-close"] = typeof(AccountOrder.CloseTenant),
        ["loss-accept"] = typeof(AccountOrder.AcceptLoss),
        ["key-create"] = typeof(AccountOrder.CreateKey),
        ["key-change"] = typeof(AccountOrder.ChangeKey),
        ["key-revoke"] = typeof(AccountOrder.RevokeKey),
        ["stream-create"] = typeof(StreamOrder.Create),
        ["stream-change"] = typeof(StreamOrder.Change),
        ["stream-delete"] = typeof(StreamOrder.Delete),
        ["quota-take"] = typeof(TakeQuota),
        ["quota-return"] = typeof(ReturnQuota),
        ["quota-read"] = typeof(ReadQuota),
        ["quota-granted"] = typeof(QuotaGranted),
        ["quota-refused"] = typeof(QuotaRefused),
        ["quota-used"] = typeof(QuotaUsed),
        ["quota-unavailable"] = typeof(QuotaUnavailable),
        ["account-changed"] = typeof(AccountChanged),
        ["account-refused"] = typeof(AccountRefused),
        ["domain-add"] = typeof(DomainOrder.Add),
        ["domain-check"] = typeof(DomainOrder.Check),
        ["domain-rotate"] = typeof(DomainOrder.Rotate),
        ["domain-retire"] = typeof(DomainOrder.Retire),
        ["domain-remove"] = typeof(DomainOrder.Remove),
    };

    private static readonly Dictionary<Type, string> Manifests = Rows.ToDictionary(r => r.Value, r => r.Key);

    public override int Identifier => Id;

    public static IReadOnlyCollection<Type> Types => Rows.Values;

    public override string Manifest(object o) => ManifestOf(o);

    /// <exception cref="SerializationException">
    /// Whatever was wrong: Akka drops that message, and for any other exception all that is on its way to that node.
    /// </exception>
    public override byte[] ToBinary(object obj)
    {
        try { return NodeWire.Encode(obj); }
        catch (Exception e) { throw Fault(e, ManifestOf(obj), "sent"); }
    }

    /// <exception cref="SerializationException">
    /// A kind or a form that this version does not know. The message is dropped, the nodes stay together.
    /// </exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try { return NodeWire.Decode(manifest, bytes); }
        catch (Exception e) { throw Fault(e, manifest, "received"); }
    }

    internal static string ManifestOf(object o) => Manifests.TryGetValue(o.GetType(), out var manifest) ? manifest
        : throw new ArgumentException($"{o.GetType()} is nothing that nodes say to each other");

    internal static Type TypeOf(string manifest) => Rows.TryGetValue(manifest, out var type) ? type
        : throw new InvalidDataException($"no row for '{manifest}': sent by a later version?");

    /// <summary>Each is counted; the log has the first of a kind: what a node says once it says each second.</summary>
    private SerializationException Fault(Exception cause, string kind, string way)
    {
        metrics?.NodeMessageFault(kind, way);
        var fault = new SerializationException($"'{kind}' could not be {way}: {cause.Message}", cause);
        if (_faulty.Count < KindsLogged && _faulty.TryAdd((kind, way), 0))
            Logging.GetLogger(system, typeof(NodeMessageSerializer)).Error(
                fault, "a message between nodes is lost, '{0}' could not be {1}; more of it are counted", kind, way);
        return fault;
    }
}
