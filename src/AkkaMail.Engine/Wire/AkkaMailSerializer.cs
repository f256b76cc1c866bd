using Akka.Actor;
using Akka.Serialization;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using Google.Protobuf;

namespace AkkaMail.Engine.Wire;

/// <summary>
/// The one table from our types to bytes. A manifest is for ever: what it meant in the first release it means in the
/// last, and a new shape gets a new row.
/// </summary>
public sealed class AkkaMailSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored beside each event; Akka's own serializers use 1 to 40.</summary>
    public const int Id = 8025;

    private static readonly Dictionary<Type, (string Manifest, Func<object, byte[]> Encode)> Rows = [];
    private static readonly Dictionary<string, Func<byte[], object>> Readers = [];

    static AkkaMailSerializer()
    {
        Map<SubmissionsAccepted, SubmissionsAcceptedWire>("SA1", LedgerWire.To, LedgerWire.From);
        Map<AttemptsStarted, AttemptsStartedWire>("AS1", LedgerWire.To, LedgerWire.From);
        Map<AttemptsConcluded, AttemptsConcludedWire>("AC1", ConclusionWires.To, ConclusionWires.From);
        Map<MessagesEnded, MessagesEndedWire>("ME1", LedgerWire.To, LedgerWire.From);
        Map<MessagesAmended, MessagesAmendedWire>("MA1", LedgerWire.To, LedgerWire.From);
        Map<LedgerMemory, LedgerSnapshotWire>("LS1", SnapshotWire.Encode, SnapshotWire.From);

        Map<OutcomesCounted, OutcomesCountedWire>("OC1", GovernorWire.To, GovernorWire.From);
        Map<RateChanged, RateChangedWire>("RC1", GovernorWire.To, GovernorWire.From);
        Map<ConnectionsChanged, ConnectionsChangedWire>("CC1", GovernorWire.To, GovernorWire.From);
        Map<HoldBegan, HoldBeganWire>("HB1", GovernorWire.To, GovernorWire.From);
        Map<HoldLifted, HoldLiftedWire>("HL1", GovernorWire.To, GovernorWire.From);
        Map<FeedbackCounted, FeedbackCountedWire>("FC1", GovernorWire.To, GovernorWire.From);
        Map<StandingChanged, StandingChangedWire>("RS1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpBegan, WarmUpBeganWire>("WB1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpGranted, WarmUpGrantedWire>("WG1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpDayEnded, WarmUpDayEndedWire>("WD1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpPaused, WarmUpPausedWire>("WP1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpResumed, WarmUpResumedWire>("WR1", GovernorWire.To, GovernorWire.From);
        Map<WarmUpCompleted, WarmUpCompletedWire>("WC1", GovernorWire.To, GovernorWire.From);
        Map<GovernorSnapshot, GovernorSnapshotWire>("GS1", GovernorWire.To, GovernorWire.From);

        Map<AlertChanged, AlertChangedWire>("AL1", AlertWire.To, AlertWire.From);
        Map<AlertsSnapshot, AlertsSnapshotWire>("AN1", AlertWire.To, AlertWire.From);

        Map<TenantCreated, TenantCreatedWire>("TC1", AccountWire.To, AccountWire.From);
        Map<TenantChanged, TenantChangedWire>("TX1", AccountWire.To, AccountWire.From);
        Map<TenantClosed, TenantClosedWire>("TE1", AccountWire.To, AccountWire.From);
        Map<KeyCreated, KeyCreatedWire>("KC1", AccountWire.To, AccountWire.From);
        Map<KeyChanged, KeyChangedWire>("KX1", AccountWire.To, AccountWire.From);
        Map<KeyRevoked, KeyRevokedWire>("KE1", AccountWire.To, AccountWire.From);
        Map<LossAccepted, LossAcceptedWire>("LA1", AccountWire.To, AccountWire.From);

        Map<StreamCreated, StreamCreatedWire>("SC1", StreamWire.To, StreamWire.From);
        Map<StreamChanged, StreamChangedWire>("SX1", StreamWire.To, StreamWire.From);
        Map<StreamDeleted, StreamDeletedWire>("SE1", StreamWire.To, StreamWire.From);
        Map<QuotaTaken, QuotaTakenWire>("QT1", QuotaWires.To, QuotaWires.From);
        Map<QuotaReturned, QuotaReturnedWire>("QR1", QuotaWires.To, QuotaWires.From);
        Map<QuotaSnapshot, QuotaSnapshotWire>("QS1", QuotaWires.To, QuotaWires.From);
        Map<DomainAdded, DomainAddedWire>("DA1", DomainWire.To, DomainWire.From);
        Map<DomainChecked, DomainCheckedWire>("DC1", DomainWire.To, DomainWire.From);
        Map<DomainKeysChanged, DomainKeysChangedWire>("DK1", DomainWire.To, DomainWire.From);
        Map<DomainRemoved, DomainRemovedWire>("DE1", DomainWire.To, DomainWire.From);
    }

    public override int Identifier => Id;

    /// <summary>The types that have a row.</summary>
    public static IReadOnlyCollection<Type> Types => Rows.Keys;

    public static (string Manifest, byte[] Bytes) Encode(object message)
    {
        var (manifest, encode) = Row(message);
        return (manifest, encode(message));
    }

    public static object Decode(string manifest, byte[] bytes) =>
        Readers.TryGetValue(manifest, out var read) ? read(bytes)
            : throw new InvalidDataException($"no reader for manifest '{manifest}': written by a later version?");

    public override byte[] ToBinary(object obj) => Row(obj).Encode(obj);
    public override object FromBinary(byte[] bytes, string manifest) => Decode(manifest, bytes);
    public override string Manifest(object o) => Row(o).Manifest;

    private static (string Manifest, Func<object, byte[]> Encode) Row(object message) =>
        Rows.TryGetValue(message.GetType(), out var row) ? row
            : throw new ArgumentException($"{message.GetType()} has no row in the serializer's table");

    private static void Map<T, TWire>(string manifest, Func<T, TWire> toWire, Func<TWire, T> fromWire)
        where T : notnull where TWire : IMessage<TWire>, new() =>
        Map<T, TWire>(manifest, value => toWire(value).ToByteArray(), fromWire);

    private static void Map<T, TWire>(string manifest, Func<T, byte[]> encode, Func<TWire, T> fromWire)
        where T : notnull where TWire : IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        Rows.Add(typeof(T), (manifest, o => encode((T)o)));
        Readers.Add(manifest, bytes => fromWire(parser.ParseFrom(bytes)));
    }
}
