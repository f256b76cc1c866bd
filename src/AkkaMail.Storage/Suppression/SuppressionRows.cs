using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Suppression;

[Table("entries")]
internal sealed class EntryRow
{
    [Column("id"), PrimaryKey] public long Id { get; set; }
    [Column("target")] public byte[] Target { get; set; } = [];
    [Column("scope")] public byte Scope { get; set; }
    [Column("tenant")] public string Tenant { get; set; } = "";
    [Column("stream")] public string Stream { get; set; } = "";
    [Column("origin")] public byte Origin { get; set; }
    [Column("reason")] public string? Reason { get; set; }
    [Column("rule")] public string? Rule { get; set; }
    [Column("version")] public string? Version { get; set; }
    [Column("cause")] public string? Cause { get; set; }
    [Column("source")] public string? Source { get; set; }
    [Column("site")] public string? Site { get; set; }
    [Column("reply")] public string? Reply { get; set; }
    [Column("note")] public string? Note { get; set; }
    [Column("by")] public string By { get; set; } = "";
    [Column("at")] public long At { get; set; }
    [Column("expires_at")] public long? ExpiresAt { get; set; }

    public SuppressionEntry ToEntry(string? address) => new(Id, new(
        new(Hash128.Read(Target), (SuppressionScope)Scope, Tenant, Stream), address, (SuppressionOrigin)Origin,
        new(Cause, Reason, Rule, Version, Source, Site, Reply), Note, By, new(At, TimeSpan.Zero),
        ExpiresAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null));
}

[Table("addresses")]
internal sealed class AddressRow
{
    [Column("target"), PrimaryKey] public byte[] Target { get; set; } = [];
    [Column("address")] public string Address { get; set; } = "";
}

[Table("events")]
internal sealed class EventRow
{
    [Column("number"), PrimaryKey] public long Number { get; set; }
    [Column("at")] public long At { get; set; }
    [Column("lifted")] public bool Lifted { get; set; }
    [Column("entry")] public long Entry { get; set; }
    [Column("by")] public string By { get; set; } = "";
    [Column("undo")] public string? Undo { get; set; }
    [Column("note")] public string? Note { get; set; }

    public SuppressionEvent ToEvent() => new(Number, new(At, TimeSpan.Zero), Lifted, Entry, By, Undo, Note);
}

[Table("offsets")]
internal sealed class SuppressionOffsetRow
{
    [Column("partition"), PrimaryKey] public int Partition { get; set; }
    [Column("seq")] public long SequenceNr { get; set; }
}

/// <summary>
/// An entry as its event keeps it, when its row is gone: all but the address. The letters are stored.
/// </summary>
internal sealed record AddedDetail(
    [property: JsonPropertyName("k")] string Target, [property: JsonPropertyName("s")] byte Scope,
    [property: JsonPropertyName("t")] string Tenant, [property: JsonPropertyName("m")] string Stream,
    [property: JsonPropertyName("o")] byte Origin, [property: JsonPropertyName("w")] CauseDetail? Why,
    [property: JsonPropertyName("x")] long? ExpiresAt)
{
    public static AddedDetail Of(NewSuppression n) => new(
        Convert.ToHexStringLower(n.Key.Target.ToBytes()), (byte)n.Key.Scope, n.Key.Tenant, n.Key.Stream, (byte)n.Origin,
        CauseDetail.Of(n.Why), n.ExpiresAt?.UtcTicks);
}

/// <summary>Why it was added; the words are stored.</summary>
internal sealed record CauseDetail(
    [property: JsonPropertyName("cause")] string? Cause, [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("rule")] string? Rule, [property: JsonPropertyName("version")] string? Version,
    [property: JsonPropertyName("source")] string? Source, [property: JsonPropertyName("site")] string? Site,
    [property: JsonPropertyName("reply")] string? Reply)
{
    public static CauseDetail? Of(SuppressionCause why) => why == SuppressionCause.None ? null
        : new(why.Cause, why.Reason, why.Rule, why.Version, why.Source, why.Site, why.Reply);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AddedDetail))]
internal sealed partial class SuppressionDetailJson : JsonSerializerContext;
