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
    private readonly DbCommand _leave, _dropEnvelopes;
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
        _leave = Prepare("""
            WITH over AS (SELECT id, content FROM envelopes WHERE id < @m AND content IS NOT NULL AND keep_until < @now LIMIT @n)
            UPDATE envelopes e SET content = NULL FROM over WHERE e.id < @m AND e.id = over.id RETURNING over.content
            """, "@m", "@now", "@n");
        _dropEnvelopes = Prepare("""
            DELETE FROM envelopes WHERE id < @m AND id IN (
                SELECT id FROM envelopes WHERE id < @m AND content IS NULL AND keep_until < @alone LIMIT @n) RETURNING id
            """, "@m", "@alone", "@n");
    }

    public static DateOnly DayOf(long id) => DaysBegan.AddDays((int)(id >> NumberBits));

    /// <summary>The least id of what is kept up to that day.</summary>
    public static long FirstOf(DateOnly day) => (long)(day.DayNumber - DaysBegan.DayNumber) << NumberBits;

    /// <summary>
    /// Ids of what is kept up to the same day as this one, from the first up to below the second: contents and their
    /// envelopes are.
    /// </summary>
    public static (long From, long To) SameDay(long id) => id < FirstOf(MovedBefore)
        ? (0, FirstOf(MovedBefore)) : (FirstOf(DayOf(id)), FirstOf(DayOf(id).AddDays(1)));

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
        var (from, to) = SameDay(id);
        Drop(id, from, to);
        return true;
    }

    /// <summary>
    /// What came from files: all else goes by days. Contents of theirs are found by the envelopes that leave them.
    /// </summary>
    public override (int Done, bool HasMore) Prune(DateTimeOffset now, DateTimeOffset alone, int max)
    {
        var moved = FirstOf(MovedBefore);
        var (left, gone) = (new List<long>(), new List<long>());
        using (var rows = Now(_leave, moved, now.UtcTicks, max).ExecuteReader())
            while (rows.Read()) left.Add(rows.GetInt64(0));
        foreach (var content in left.Distinct()) Drop(content, 0, moved);
        using (var rows = Now(_dropEnvelopes, moved, alone.UtcTicks, max).ExecuteReader())
            while (rows.Read()) gone.Add(rows.GetInt64(0));
        foreach (var envelope in gone) Now(_eraseChunks, envelope).ExecuteNonQuery();
        return (left.Count + gone.Count, left.Count == max || gone.Count == max);
    }

    private void Drop(long content, long from, long to)
    {
        if (Now(_dropBody, content, from, to).ExecuteNonQuery() == 0) return;
        Forget();
        var blobs = new List<long>();
        using (var row = Now(_dropUses, content).ExecuteReader())
            while (row.Read()) blobs.Add(row.GetInt64(0));
        foreach (var blob in blobs) DropBlob(blob);
    }

    public override void Begin()
    {
        if (Connection.State == ConnectionState.Closed) Connection.Open();
        foreach (var (_, rows) in _rows) rows.Clear();
        _days.Clear();
        _hasBegun = false;
    }

    public override void Commit()
    {
        Send();   // Without a word of a transaction a batch is one.
        if (_hasBegun) base.Commit(); else Connection.Close();
    }

    /// <summary>Only who asks or deletes needs a transaction before its end; it sees what was added before.</summary>
    private DbCommand Now(DbCommand command, params ReadOnlySpan<object?> values)
    {
        if (!_hasBegun) base.Begin();
        _hasBegun = true;
        Send();
        return Bind(command, values);
    }

    private void Send()
    {
        foreach (var day in _days) MakePartitions(day);
        using var batch = ToBatch();
        if (batch.BatchCommands.Count > 0) batch.ExecuteNonQuery();
        foreach (var (_, rows) in _rows) rows.Clear();
        _days.Clear();
    }

    private void MakePartitions(DateOnly day)
    {
        if (!_known.Add(day)) return;
        var (from, to) = (FirstOf(day), FirstOf(day.AddDays(1)));
        foreach (var table in ContentSchema.ByDay)
            Partitions.Ensure(_database, table, day, $"{from}", $"{to}");
        var week = Partitions.MondayOf(day);
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
