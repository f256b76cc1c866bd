using LinqToDB.Mapping;

namespace AkkaMail.Storage.Content;

[Table("bodies")]
internal sealed class BodyRow
{
    [Column("content"), PrimaryKey] public long Content { get; set; }
    [Column("body")] public byte[] Body { get; set; } = [];
}

[Table("blobs")]
internal sealed class BlobRow
{
    [Column("id"), PrimaryKey(1)] public long Id { get; set; }
    [Column("piece"), PrimaryKey(2)] public int Piece { get; set; }
    [Column("octets")] public byte[] Octets { get; set; } = [];
}

[Table("envelopes")]
internal sealed class EnvelopeRow
{
    [Column("id"), PrimaryKey] public long Id { get; set; }
    [Column("content")] public long? Content { get; set; }
    [Column("keep_until")] public long KeepUntil { get; set; }
    [Column("body")] public byte[] Body { get; set; } = [];
}

[Table("envelope_chunks")]
internal sealed class EnvelopeChunkRow
{
    [Column("id"), PrimaryKey(1)] public long Id { get; set; }
    [Column("chunk"), PrimaryKey(2)] public int Chunk { get; set; }
    [Column("body")] public byte[] Body { get; set; } = [];
}
