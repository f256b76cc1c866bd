using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Alerts;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Wire;
using Google.Protobuf;
using static AkkaMail.Engine.Tests.Wire.WireExamples;

namespace AkkaMail.Engine.Tests.Wire;

public class WireTests
{
    public static TheoryData<string> Manifests => [.. All.Keys];

    [Fact]
    public void Every_event_has_a_row_in_the_table()
    {
        var events = typeof(ILedgerEvent).Assembly.GetTypes()
            .Where(t => (t.IsAssignableTo(typeof(ILedgerEvent)) || t.IsAssignableTo(typeof(IGovernorEvent))
                || t.IsAssignableTo(typeof(IAccountEvent)) || t.IsAssignableTo(typeof(IQuotaEvent)))
                && !t.IsInterface);

        Assert.Empty(events.Except(AkkaMailSerializer.Types));
        Assert.Equal(
            AkkaMailSerializer.Types.Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))),
            All.Values.Select(e => e.GetType()).OrderBy(t => t.Name, StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void What_is_written_reads_back_the_same(string manifest)
    {
        var (written, bytes) = AkkaMailSerializer.Encode(All[manifest]);

        Assert.Equal(manifest, written);
        Assert.Equal(Text(All[manifest]), Text(AkkaMailSerializer.Decode(manifest, bytes)));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Bytes_of_version_0_1_still_read(string manifest)
    {
        var kept = Environment.GetEnvironmentVariable("AKKAMAIL_KEEP_WIRE");   // A directory: new manifests are kept there.
        if (kept is not null && !File.Exists(Path.Combine(kept, $"0.1-{manifest}.bin")))
            File.WriteAllBytes(Path.Combine(kept, $"0.1-{manifest}.bin"), AkkaMailSerializer.Encode(All[manifest]).Bytes);
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Wire", $"0.1-{manifest}.bin"));

        Assert.Equal(Text(All[manifest]), Text(AkkaMailSerializer.Decode(manifest, bytes)));
    }

    /// <summary>
    /// Fields that later versions have added to messages of 0.1; without them those still read, as above.
    /// </summary>
    public static TheoryData<object> Grown =>
    [
        (GovernorSnapshot)All["GS1"] with { Standing = Standing.Fair },
        (GovernorSnapshot)All["GS1"] with
        {
            Pace = Pace.Free with { Window = AMinute, Cost = TimeSpan.FromSeconds(30) },
            ConnectionsRefused = 5,
            ConnectionMisses = 2,
        },
        (RateChanged)All["RC1"] with { Window = AMinute, Cost = TimeSpan.FromSeconds(30) },
        (ConnectionsChanged)All["CC1"] with
        {
            Refused = 5,
            Misses = 2,
            Inputs = new(5, 10, 1, 9, null) { Refused = 6, Misses = 1 },
        },
        new TenantCreated(At, "admin", "acme", null) { Quota = new(1, 2, 3, 4, QuotaMode.Schedule) },
        new TenantChanged(At, "admin", "acme", null, false) { Quota = new(null, null, 5, null, QuotaMode.Reject) },
        (StreamCreated)All["SC1"] with { KeepEnvelopeSender = true, TextFromHtml = false, EngagedFirst = false },
        (StreamChanged)All["SX1"] with { KeepEnvelopeSender = true, TextFromHtml = false, EngagedFirst = true },
        (TenantClosed)All["TE1"] with { Note = "moved away ✉" },
        (KeyRevoked)All["KE1"] with { Note = "found in a log" },
        (StreamDeleted)All["SE1"] with { Note = "no news any more" },
        new MessagesEnded(At, [new(Id, MessageStatus.Cancelled, Facts.SentBy) { By = "k1", Note = "sent twice ✉" }]),
        (DomainRemoved)All["DE1"] with { Note = "sold" },
        new SubmissionsAccepted(At, [new(Id.Submission, Facts, null,
            [new("a.test", new(5, 6)) { Engaged = new(2025, 12, 31) }, new("b.test", new(7, 8))])]),
        new LedgerMemory(new(5, [new(Id.Submission, Facts, At,
            [new("a.test", MessageStatus.Accepted, 0, At, null, IsEngaged: true)])], []), 11, []),
    ];

    private static CountWindow AMinute => new(300, TimeSpan.FromMinutes(1), 6) { Tried = 7 };

    [Theory, MemberData(nameof(Grown))]
    public void What_a_message_has_gained_is_kept(object value)
    {
        var (manifest, bytes) = AkkaMailSerializer.Encode(value);

        Assert.Equal(Text(value), Text(AkkaMailSerializer.Decode(manifest, bytes)));
    }

    /// <summary>A field that a later version has added, here 15000, is no matter to this one.</summary>
    [Theory, MemberData(nameof(Manifests))]
    public void A_field_of_a_later_version_is_skipped(string manifest)
    {
        var kept = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Wire", $"0.1-{manifest}.bin"));
        var later = new MemoryStream();
        var field = new CodedOutputStream(later, leaveOpen: true);
        field.WriteTag(15_000, WireFormat.WireType.LengthDelimited);
        field.WriteString("what nobody here knows");
        field.Flush();

        Assert.Equal(Text(All[manifest]), Text(AkkaMailSerializer.Decode(manifest, [.. kept, .. later.ToArray()])));
        Assert.Equal(Text(All[manifest]), Text(AkkaMailSerializer.Decode(manifest, [.. later.ToArray(), .. kept])));
    }

    [Fact]
    public void Who_has_shown_no_life_costs_no_byte_and_who_has_four()
    {
        var none = new SubmissionsAccepted(At, [new(Id.Submission, Facts, null, [new("a.test", new(5, 6))])]);
        var one = new SubmissionsAccepted(At,
            [new(Id.Submission, Facts, null, [new("a.test", new(5, 6)) { Engaged = new(2026, 1, 1) }])]);

        Assert.Equal(AkkaMailSerializer.Encode(none).Bytes.Length + 4, AkkaMailSerializer.Encode(one).Bytes.Length);
    }

    [Fact]
    public void What_facts_of_one_event_share_stands_in_it_once()
    {
        var one = AkkaMailSerializer.Encode(new AttemptsConcluded(At, [Ok(0, "v1", Facts.SentBy)])).Bytes.Length;
        var hundred = AkkaMailSerializer.Encode(
            new AttemptsConcluded(At, [.. Enumerable.Range(0, 100).Select(i => Ok(i, "v1", Facts.SentBy))])).Bytes.Length;

        Assert.True(hundred < 100 * one * 2 / 3, $"{one} bytes one, {hundred} a hundred");
    }

    [Fact]
    public void A_manifest_of_a_later_version_is_named() =>
        Assert.Contains("ZZ9", Assert.Throws<InvalidDataException>(() => AkkaMailSerializer.Decode("ZZ9", [])).Message);

    private static string Text(object o) =>
        o is LedgerMemory m
            ? JsonSerializer.Serialize(new { m.Ledger, m.Projected, Events = m.Unprojected.Select(e => Text(e.Event)) })
            : JsonSerializer.Serialize(o, o.GetType(), WithNetworks);

    private static readonly JsonSerializerOptions WithNetworks = new() { Converters = { new Network() } };

    private sealed class Network : JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader r, Type t, JsonSerializerOptions o) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter w, IPNetwork value, JsonSerializerOptions o) => w.WriteStringValue(value.ToString());
    }
}
