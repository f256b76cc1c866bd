using System.Data;
using System.Data.Common;
using AkkaMail.Storage.Postgres;
using Npgsql;

namespace AkkaMail.Storage.Content;

/// <summary>
/// All that a commit takes in one round trip, as arrays. Ids are known before: the day up to which something is kept (16
/// bits, since 2020), then a number of a block of the sequence that this writer has drawn (47 bits). So an id tells the
/// partition, no two writers draw the same, and none comes back.
/// </summary>
internal sealed class PostgresContentSession : ContentSession
{
    /// <summary>Bits of a number within its day, and of that those within its block.</summary>
    private const int NumberBits = 47, BlockBits = 12;

    /// <summary>Days are numbered from it.</summary>
    public static readonly DateOnly DaysBegan = new(2020, 1, 1);

    /// <summary>
    /// Ids that begin with a day before it are of an installation that has moved here from files: numbers without a day,
    /// in a partition of their own that goes row by row.
    /// </summary>
    public static readonly DateOnly MovedBefore = new(2025, 12, 1);

    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly HashSet<DateOnly> _known = [];
    private readonly RowArrays _bodies = new("nb"), _envelopes = new("nnnb"), _chunks = new("nnb"), _uses = new("nn");
    private readonly RowArrays _pieces = new("nnb");
    private readonly HashSet<DateOnly> _days = [];
    private readonly (string Table, RowArrays Rows)[] _rows;
    private readonly DbCommand _block, _dropBlob, _hasBlob, _eraseEnvelope, _dropBody, _eraseChunks, _dropUses;
    private readonly DbCommand _leave, _dropBodies, _dropMovedUses, _dropMovedBlobs, _dropEnvelopes, _dropChunks;
    private long _next, _end;
    private bool _hasBegun;

    public PostgresContentSession(PostgresDatabase database) : base(database)
    {
        (_database, _connection) = (database, (NpgsqlConnection)Connection);
        _rows =
        [
            ("blobs", _pieces), ("bodies", _bodies), ("blob_uses", _uses), ("envelopes", _envelopes),
            ("envelope_chunks", _chunks),
        ];
        _block = Prepare($"SELECT nextval('{database.Table("blocks")}')");
        _hasBlob = Prepare("SELECT 1 FROM blobs WHERE id = @i AND piece = 0", "@i");
        _dropBlob = Prepare("""
            DELETE FROM blobs WHERE id = @b AND NOT EXISTS (SELECT 1 FROM blob_uses WHERE blob = @b)
            """, "@b");
        _eraseEnvelope = Prepare("DELETE FROM envelopes WHERE id = @i RETURNING content", "@i");
        _eraseChunks = Prepare("DELETE FROM envelope_chunks WHERE id = @i", "@i");
        // Whoever shares a content is kept as long: so its envelopes are those of one day.
        _dropBody = Prepare("""
            DELETE FROM bodies WHERE content = @c
                AND NOT EXISTS (SELECT 1 FROM envelopes WHERE content = @c AND id >= @from AND id < @to)
            """, "@c", "@from", "@to");
        _dropUses = Prepare("DELETE FROM blob_uses WHERE content = @c RETURNING blob", "@c");
        _leave = Prepare(
            "UPDATE envelopes SET content = NULL WHERE id < @m AND content IS NOT NULL AND keep_until < @now", "@m", "@now");
        _dropBodies = Prepare("""
            DELETE FROM bodies b WHERE content < @m
                AND NOT EXISTS (SELECT 1 FROM envelopes e WHERE e.id < @m AND e.content = b.content)
            """, "@m");
        _dropMovedUses = Prepare("""
            DELETE FROM blob_uses u WHERE content < @m
                AND NOT EXISTS (SELECT 1 FROM bodies b WHERE b.content < @m AND b.content = u.content)
            """, "@m");
        _dropMovedBlobs = Prepare("""
            DELETE FROM blobs b WHERE id < @m
                AND NOT EXISTS (SELECT 1 FROM blob_uses u WHERE u.content < @m AND u.blob = b.id)
            """, "@m");
        _dropEnvelopes = Prepare(
            "DELETE FROM envelopes WHERE id < @m AND content IS NULL AND keep_until < @alone", "@m", "@alone");
        _dropChunks = Prepare("""
            DELETE FROM envelope_chunks c WHERE id < @m AND EXISTS (
                SELECT 1 FROM envelopes e WHERE e.id = c.id AND e.id < @m AND e.content IS NULL AND e.keep_until < @alone)
            """, "@m", "@alone");
    }

    public static DateOnly DayOf(long id) => DaysBegan.AddDays((int)(id >> NumberBits));

    /// <summary>The least id of what is kept up to that day.</summary>
    public static long FirstOf(DateOnly day) => (long)(day.DayNumber - DaysBegan.DayNumber) << NumberBits;

    /// <summary>Mondays: a partition of envelopes is a week.</summary>
    public static DateOnly WeekOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    protected override long AddBody(DateTimeOffset keepUntil, byte[] content, IReadOnlyCollection<long> blobs)
    {
        var id = NextId(keepUntil);
        _bodies.Add(id, content);
        foreach (var blob in blobs) _uses.Add(id, blob);
        return id;
    }

    protected override long AddEnvelope(long content, DateTimeOffset keepUntil, EncodedEnvelope envelope)
    {
        var id = NextId(keepUntil);
        _envelopes.Add(id, content, keepUntil.UtcTicks, envelope.Head);
        for (var chunk = 0; chunk < envelope.Chunks.Length; chunk++) _chunks.Add(id, chunk, envelope.Chunks[chunk]);
        return id;
    }

    public override long AddPiece(long? blob, int piece, byte[] octets, DateTimeOffset keepUntil)
    {
        var id = blob ?? NextId(keepUntil);
        _pieces.Add(id, piece, octets);
        return id;
    }

    public override int DropBlob(long blob) => Now(_dropBlob, blob).ExecuteNonQuery();

    protected override bool HasBlob(long blob) => Now(_hasBlob, blob).ExecuteScalar() is not null;

    public override bool Erase(long envelope)
    {
        var content = Now(_eraseEnvelope, envelope).ExecuteScalar();
        Now(_eraseChunks, envelope).ExecuteNonQuery();
        if (content is not long id) return content is not null;
        var (from, to) = id < FirstOf(MovedBefore) ? (0, FirstOf(MovedBefore)) : (FirstOf(DayOf(id)), FirstOf(DayOf(id).AddDays(1)));
        if (Now(_dropBody, id, from, to).ExecuteNonQuery() > 0)
        {
            Forget();
            var blobs = new List<long>();
            using (var row = Now(_dropUses, id).ExecuteReader())
                while (row.Read()) blobs.Add(row.GetInt64(0));
            foreach (var blob in blobs) DropBlob(blob);
        }
        return true;
    }

    /// <summary>What came from files and is over.</summary>
    public int PruneMoved(DateTimeOffset now, DateTimeOffset alone) =>
        Now(_leave, FirstOf(MovedBefore), now.UtcTicks).ExecuteNonQuery()
        + Now(_dropBodies, FirstOf(MovedBefore)).ExecuteNonQuery()
        + Now(_dropMovedUses, FirstOf(MovedBefore)).ExecuteNonQuery()
        + Now(_dropMovedBlobs, FirstOf(MovedBefore)).ExecuteNonQuery()
        + Now(_dropChunks, FirstOf(MovedBefore), alone.UtcTicks).ExecuteNonQuery()
        + Now(_dropEnvelopes, FirstOf(MovedBefore), alone.UtcTicks).ExecuteNonQuery();

    public override void Begin()
    {
        if (Connection.State == ConnectionState.Closed) Connection.Open();
        foreach (var (_, rows) in _rows) rows.Clear();
        _days.Clear();
        _hasBegun = false;
    }

    public override void Commit()
    {
        foreach (var day in _days) MakePartitions(day);
        using var batch = ToBatch();
        // Without a word of a transaction a batch is one.
        if (batch.BatchCommands.Count > 0) batch.ExecuteNonQuery();
        if (_hasBegun) base.Commit(); else Connection.Close();
    }

    /// <summary>Only who asks or deletes needs a transaction before its end.</summary>
    private DbCommand Now(DbCommand command, params ReadOnlySpan<object?> values)
    {
        if (!_hasBegun) base.Begin();
        _hasBegun = true;
        return Bind(command, values);
    }

    private void MakePartitions(DateOnly day)
    {
        if (!_known.Add(day)) return;
        var (from, to) = (FirstOf(day), FirstOf(day.AddDays(1)));
        foreach (var table in ContentSchema.ByDay)
            Partitions.Ensure(_database, table, day, $"{from}", $"{to}");
        var week = WeekOf(day);
        foreach (var table in ContentSchema.ByWeek)
            Partitions.Ensure(_database, table, week, $"{FirstOf(week)}", $"{FirstOf(week.AddDays(7))}");
    }

    private long NextId(DateTimeOffset keepUntil)
    {
        if (_next == _end) (_next, _end) = Draw();
        var day = DateOnly.FromDateTime(keepUntil.UtcDateTime);
        if (day < MovedBefore) day = MovedBefore;
        _days.Add(day);
        return FirstOf(day) | _next++;

        (long, long) Draw()
        {
            var block = (long)_block.ExecuteScalar()!;
            return (block << BlockBits, (block + 1) << BlockBits);
        }
    }

    private NpgsqlBatch ToBatch()
    {
        var batch = new NpgsqlBatch(_connection);
        foreach (var (table, rows) in _rows)
            if (rows.Count > 0)
                batch.BatchCommands.Add(rows.ToCommand(
                    $"INSERT INTO {_database.Table(table)} SELECT * FROM unnest({rows.Places})"));
        return batch;
    }
}
