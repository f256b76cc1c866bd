using LinqToDB.Mapping;

namespace AkkaMail.Storage.Idempotency;

[Table("keys")]
internal sealed class KeyRow
{
    [Column("key"), PrimaryKey] public byte[] Key { get; set; } = [];
    [Column("submission")] public byte[] Submission { get; set; } = [];
    [Column("submissions")] public int Submissions { get; set; }
    [Column("request")] public byte[] Request { get; set; } = [];
    [Column("send_at")] public long? SendAt { get; set; }
    [Column("expires_at")] public long ExpiresAt { get; set; }
}

[Table("places")]
internal sealed class KeyPlaceRow
{
    [Column("partition"), PrimaryKey] public int Partition { get; set; }
    [Column("seq")] public long SequenceNr { get; set; }
}
