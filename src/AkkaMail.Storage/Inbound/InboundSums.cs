using LinqToDB.Mapping;

namespace AkkaMail.Storage.Inbound;

/// <summary>
/// What waits and how many octets there are, in one row that each write changes in its own transaction: counting it would
/// read all bodies. <paramref name="Changes"/> says which of two is newer.
/// </summary>
internal sealed record InboundSums(long Changes, long WaitingSealed, long WaitingOpen, long Bytes)
{
    /// <summary>Counted where there is no such row yet.</summary>
    public const string Begin = """
        INSERT INTO sums (one, changes, waiting_sealed, waiting_open, bytes)
        SELECT 1, 0, (SELECT count(*) FROM mails WHERE outcome = 0 AND door = 0),
            (SELECT count(*) FROM mails WHERE outcome = 0 AND door <> 0),
            (SELECT CAST(coalesce(sum(length(bytes)), 0) AS BIGINT) FROM bodies)
        ON CONFLICT (one) DO NOTHING
        """;

    public const string Change = """
        UPDATE sums SET changes = changes + 1, waiting_sealed = waiting_sealed + @s, waiting_open = waiting_open + @o,
            bytes = bytes + @b
        RETURNING changes, waiting_sealed, waiting_open, bytes
        """;
}

[Table("sums")]
internal sealed class InboundSumsRow
{
    [Column("one"), PrimaryKey] public long One { get; set; }
    [Column("changes")] public long Changes { get; set; }
    [Column("waiting_sealed")] public long WaitingSealed { get; set; }
    [Column("waiting_open")] public long WaitingOpen { get; set; }
    [Column("bytes")] public long Bytes { get; set; }

    public InboundSums ToSums() => new(Changes, WaitingSealed, WaitingOpen, Bytes);
}
