using System.Data.Common;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Replies;
using AkkaMail.Core.Story;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// A message's row: its columns, what is written there, and what is read. One more fact is one more of each here.
/// </summary>
[Table("messages")]
internal sealed class MessageRow
{
    /// <summary>
    /// A time is UTC ticks, a day is counted from 0001-01-01; <c>site</c> is null until an attempt has told it,
    /// <c>sequence</c> is how many lines there were so far, <c>batch</c> is for batches to come.
    /// </summary>
    public const string Create = """
        CREATE TABLE messages (
            submission BLOB NOT NULL, idx INTEGER NOT NULL, status INTEGER NOT NULL, tenant TEXT NOT NULL,
            stream TEXT NOT NULL, kind INTEGER NOT NULL, sender TEXT NOT NULL, tags TEXT, send_at INTEGER,
            expires_at INTEGER NOT NULL, envelope INTEGER NOT NULL, domain TEXT NOT NULL, site TEXT,
            address BLOB NOT NULL, accepted_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, due_at INTEGER,
            attempts INTEGER NOT NULL, door INTEGER NOT NULL, handed_by TEXT, bytes INTEGER NOT NULL, trace TEXT,
            engaged INTEGER, partition INTEGER NOT NULL, provider TEXT NOT NULL, source TEXT, reason INTEGER,
            flags INTEGER NOT NULL, sequence INTEGER NOT NULL, batch TEXT,
            PRIMARY KEY (submission, idx)) WITHOUT ROWID;
        """;

    /// <summary>The same, by the week in which its submission was accepted: with its time an id begins.</summary>
    public const string CreateOnPostgres = """
        CREATE TABLE messages (
            submission BYTEA NOT NULL, idx BIGINT NOT NULL, status BIGINT NOT NULL, tenant TEXT NOT NULL,
            stream TEXT NOT NULL, kind BIGINT NOT NULL, sender TEXT NOT NULL, tags TEXT, send_at BIGINT,
            expires_at BIGINT NOT NULL, envelope BIGINT NOT NULL, domain TEXT NOT NULL, site TEXT,
            address BYTEA NOT NULL, accepted_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, due_at BIGINT,
            attempts BIGINT NOT NULL, door BIGINT NOT NULL, handed_by TEXT, bytes BIGINT NOT NULL, trace TEXT,
            engaged BIGINT, partition BIGINT NOT NULL, provider TEXT NOT NULL, source TEXT, reason BIGINT,
            flags BIGINT NOT NULL, sequence BIGINT NOT NULL, batch TEXT,
            PRIMARY KEY (submission, idx)) PARTITION BY RANGE (submission);
        """;

    /// <summary>What a new row holds; the names of the columns are the parameters'.</summary>
    public static readonly string[] Written =
    [
        "submission", "idx", "status", "tenant", "stream", "kind", "sender", "tags", "send_at", "expires_at",
        "envelope", "domain", "site", "address", "accepted_at", "updated_at", "due_at", "attempts",
        "door", "handed_by", "bytes", "trace", "engaged", "partition", "provider", "source", "reason", "flags",
        "sequence",
    ];

    /// <summary>What kind each of <see cref="Written"/> is, and of <see cref="Changed"/>: as <c>RowArrays</c> wants it.</summary>
    public const string Kinds = "bnnttnttnnnttbnnnnntntnnttnnn", ChangedKinds = "ntnnnttnnnbn";

    /// <summary>What a fold may change of a row, in the order of <see cref="Changed"/>; the id comes behind.</summary>
    public static readonly string[] ChangedColumns =
        ["status", "site", "updated_at", "due_at", "attempts", "provider", "source", "reason", "flags", "sequence"];

    public static object?[] Changed(MessageView m) =>
    [
        (byte)m.Status, m.Site, m.UpdatedAt.UtcTicks, m.DueAt?.UtcTicks, m.Attempts, m.Provider, m.Source, (byte?)m.Reason,
        (int)m.Flags, m.Sequence, StoredForm.Bytes(m.Id.Submission), m.Id.Index,
    ];

    /// <summary>What a fold can change or counts by: the rest of a row is neither read nor written again.</summary>
    public const string Changeable = "status, tenant, stream, kind, attempts, sender, due_at, updated_at, site, provider, "
        + "source, reason, flags, sequence";

    /// <param name="first">Where these columns begin.</param>
    public static MessageView ReadChangeable(DbDataReader row, MessageId id, int first = 0)
    {
        return new(id, (MessageStatus)row.GetByte(first), new()
        {
            Tenant = row.GetString(first + 1),
            Stream = row.GetString(first + 2),
            Kind = (StreamKind)row.GetByte(first + 3),
            Sender = row.GetString(first + 5),
            ExpiresAt = default,
            Envelope = 0,
        }, "", Text(8), default, StoredForm.Time(row.GetInt64(first + 7)), StoredForm.Time(Number(6)),
            row.GetInt32(first + 4))
        {
            Provider = row.GetString(first + 9),
            Source = Text(10),
            Reason = (BounceReason?)Number(11),
            Flags = (MessageFlags)row.GetInt32(first + 12),
            Sequence = row.GetInt32(first + 13),
        };

        string? Text(int column) => row.IsDBNull(first + column) ? null : row.GetString(first + column);
        long? Number(int column) => row.IsDBNull(first + column) ? null : row.GetInt64(first + column);
    }

    public static object?[] Values(MessageView m, Hash128 address, int partition) =>
    [
        StoredForm.Bytes(m.Id.Submission), m.Id.Index, (byte)m.Status, m.Facts.Tenant, m.Facts.Stream,
        (byte)m.Facts.Kind, m.Facts.Sender, StoredForm.Tags(m.Facts.Tags), m.Facts.SendAt?.UtcTicks,
        m.Facts.ExpiresAt.UtcTicks, m.Facts.Envelope, m.Domain, m.Site, address.ToBytes(), m.AcceptedAt.UtcTicks,
        m.UpdatedAt.UtcTicks, m.DueAt?.UtcTicks, m.Attempts, (byte)m.Facts.Door, m.Facts.By, m.Facts.Bytes,
        m.Facts.Trace, m.Engaged?.DayNumber, partition, m.Provider, m.Source, (byte?)m.Reason, (int)m.Flags, m.Sequence,
    ];

    [Column("submission"), PrimaryKey(0)] public byte[] Submission { get; set; } = [];
    [Column("idx"), PrimaryKey(1)] public int Index { get; set; }
    [Column("status")] public byte Status { get; set; }
    [Column("tenant")] public string Tenant { get; set; } = "";
    [Column("stream")] public string Stream { get; set; } = "";
    [Column("kind")] public byte Kind { get; set; }
    [Column("sender")] public string Sender { get; set; } = "";
    [Column("tags")] public string? Tags { get; set; }
    [Column("send_at")] public long? SendAt { get; set; }
    [Column("expires_at")] public long ExpiresAt { get; set; }
    [Column("envelope")] public long Envelope { get; set; }
    [Column("domain")] public string Domain { get; set; } = "";
    [Column("site")] public string? Site { get; set; }
    [Column("address")] public byte[] Address { get; set; } = [];
    [Column("accepted_at")] public long AcceptedAt { get; set; }
    [Column("updated_at")] public long UpdatedAt { get; set; }
    [Column("due_at")] public long? DueAt { get; set; }
    [Column("attempts")] public int Attempts { get; set; }
    [Column("door")] public byte Door { get; set; }
    [Column("handed_by")] public string? HandedBy { get; set; }
    [Column("bytes")] public int Bytes { get; set; }
    [Column("trace")] public string? Trace { get; set; }
    [Column("engaged")] public int? Engaged { get; set; }
    [Column("partition")] public int Partition { get; set; }
    [Column("provider")] public string Provider { get; set; } = "";
    [Column("source")] public string? Source { get; set; }
    [Column("reason")] public byte? Reason { get; set; }
    [Column("flags")] public int Flags { get; set; }
    [Column("sequence")] public int Sequence { get; set; }

    public MessageView ToView() => new(
        new(StoredForm.Submission(Submission), Index), (MessageStatus)Status,
        new()
        {
            Tenant = Tenant,
            Stream = Stream,
            Kind = (StreamKind)Kind,
            Sender = Sender,
            Tags = StoredForm.Tags(Tags),
            SendAt = StoredForm.Time(SendAt),
            ExpiresAt = StoredForm.Time(ExpiresAt),
            Envelope = Envelope,
            Door = (Door)Door,
            By = HandedBy,
            Bytes = Bytes,
            Trace = Trace,
        },
        Domain, Site, StoredForm.Time(AcceptedAt), StoredForm.Time(UpdatedAt), StoredForm.Time(DueAt), Attempts)
    {
        Engaged = Engaged is { } day ? DateOnly.FromDayNumber(day) : null,
        Provider = Provider,
        Source = Source,
        Reason = (BounceReason?)Reason,
        Flags = (MessageFlags)Flags,
        Sequence = Sequence,
    };
}
