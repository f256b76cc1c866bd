using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// What nodes say to each other: JSON by their types, since nothing of it is kept. A field that is new is null to an
/// older node, one it does not know is skipped; so nodes of two versions run side by side during an upgrade.
/// </summary>
public sealed class NodeMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
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
        ["began"] = typeof(LedgerBegan),
        ["replay"] = typeof(ReplayProjection),
        ["has-mail"] = typeof(QueueHasMail),
        ["what-runs"] = typeof(WhatRuns),
        ["disowned"] = typeof(Disowned),
        ["to-governor"] = typeof(ToGovernor),
        ["renew"] = typeof(RenewLease),
        ["leave"] = typeof(LeaveLane),
        ["lease"] = typeof(Lease),
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

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), NodeJson.Options);

    public override object FromBinary(byte[] bytes, string manifest) =>
        JsonSerializer.Deserialize(bytes, TypeOf(manifest), NodeJson.Options)!;

    internal static string ManifestOf(object o) => Manifests.TryGetValue(o.GetType(), out var manifest) ? manifest
        : throw new ArgumentException($"{o.GetType()} is nothing that nodes say to each other");

    internal static Type TypeOf(string manifest) => Rows.TryGetValue(manifest, out var type) ? type
        : throw new InvalidDataException($"no row for '{manifest}': sent by a later version?");
}
