using System.Collections.Immutable;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Messages;

[Table("lines")]
internal sealed class LineRow
{
    /// <summary>What a new row holds, in the order of <see cref="Values"/>.</summary>
    public static readonly string[] Written =
    [
        "submission", "idx", "seq", "ordinal", "type", "at", "attempt", "detail", "day", "tenant", "partition", "place",
        "sequence", "state",
    ];

    public const string Kinds = "bnnntnntntnnnn";

    public static object?[] Values(in FoldedLine folded, int partition)
    {
        var (message, line) = (folded.Of.Message, folded.Line);
        return
        [
            StoredForm.Bytes(message.Id.Submission), message.Id.Index, line.SequenceNr, folded.Ordinal, line.Type,
            line.At.UtcTicks, line.Attempt, LineDetail.Write(line), MessageRetention.DayOf(line.At), message.Facts.Tenant,
            partition, folded.Place, line.Sequence, (byte)line.State,
        ];
    }

    [Column("submission"), PrimaryKey(0)] public byte[] Submission { get; set; } = [];
    [Column("idx"), PrimaryKey(1)] public int Index { get; set; }
    [Column("seq"), PrimaryKey(2)] public long SequenceNr { get; set; }
    [Column("ordinal"), PrimaryKey(3)] public int Ordinal { get; set; }
    [Column("type")] public string Type { get; set; } = "";
    [Column("at")] public long At { get; set; }
    [Column("attempt")] public int? Attempt { get; set; }
    [Column("detail")] public string? Detail { get; set; }
    [Column("day")] public int Day { get; set; }
    [Column("tenant")] public string Tenant { get; set; } = "";
    [Column("partition")] public int Partition { get; set; }
    [Column("place")] public int Place { get; set; }
    [Column("sequence")] public int Sequence { get; set; }
    [Column("state")] public byte State { get; set; }
}

[Table("tags")]
internal sealed class TagRow
{
    [Column("tenant"), PrimaryKey(0)] public string Tenant { get; set; } = "";
    [Column("tag"), PrimaryKey(1)] public string Tag { get; set; } = "";
    [Column("submission"), PrimaryKey(2)] public byte[] Submission { get; set; } = [];
}

[Table("counters")]
internal sealed class CounterRow
{
    [Column("partition"), PrimaryKey(3)] public int Partition { get; set; }
    [Column("tenant"), PrimaryKey(0)] public string Tenant { get; set; } = "";
    [Column("stream"), PrimaryKey(1)] public string Stream { get; set; } = "";
    [Column("status"), PrimaryKey(2)] public byte Status { get; set; }
    [Column("messages")] public long Messages { get; set; }

    /// <summary>From here on a status is no status, but how many messages something came back about.</summary>
    public const byte Amended = 20;

    public static byte Of(AmendmentKind kind) => (byte)(Amended + (byte)kind);
}

[Table("amendments")]
internal sealed class AmendmentRow
{
    [Column("submission"), PrimaryKey(0)] public byte[] Submission { get; set; } = [];
    [Column("idx"), PrimaryKey(1)] public int Index { get; set; }
    [Column("report"), PrimaryKey(2)] public byte[] Report { get; set; } = [];
    [Column("kind")] public byte Kind { get; set; }
}

[Table("outcomes")]
internal sealed class OutcomeRow
{
    /// <summary>From here on a class is no reply's, but a mark beside it.</summary>
    public const byte Marks = 100;

    /// <summary>Accepted, and over TLS.</summary>
    public const byte ByTls = 101;

    /// <summary>Messages something came back about, on the day it came.</summary>
    public static byte Of(AmendmentKind kind) => (byte)(110 + (byte)kind);

    [Column("partition"), PrimaryKey(5)] public int Partition { get; set; }
    [Column("day"), PrimaryKey(0)] public int Day { get; set; }
    [Column("tenant"), PrimaryKey(1)] public string Tenant { get; set; } = "";
    [Column("stream"), PrimaryKey(2)] public string Stream { get; set; } = "";
    [Column("sender"), PrimaryKey(3)] public string Sender { get; set; } = "";
    [Column("class"), PrimaryKey(4)] public byte Class { get; set; }
    [Column("attempts")] public long Attempts { get; set; }
}

[Table("offsets")]
internal sealed class OffsetRow
{
    [Column("partition"), PrimaryKey] public int Partition { get; set; }
    [Column("seq")] public long SequenceNr { get; set; }
}

/// <summary>
/// Values as columns: an id in its 16 sortable bytes, a time in UTC ticks, tags as a JSON array or null.
/// </summary>
internal static class StoredForm
{
    public static byte[] Bytes(SubmissionId id) => new Hash128(id.High, id.Low).ToBytes();

    public static SubmissionId Submission(byte[] bytes) => Hash128.Read(bytes) is var h ? new(h.High, h.Low) : default;

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
    public static DateTimeOffset? Time(long? ticks) => ticks is { } t ? Time(t) : null;

    public static string? Tags(ImmutableArray<string> tags) =>
        tags.IsDefaultOrEmpty ? null : JsonSerializer.Serialize(tags, DetailJson.Default.ImmutableArrayString);

    public static ImmutableArray<string> Tags(string? tags) =>
        tags is null ? [] : JsonSerializer.Deserialize(tags, DetailJson.Default.ImmutableArrayString);
}
