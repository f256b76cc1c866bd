using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Core.Story;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// Sets of rows: one round trip tells how far a ledger is and what its events are about, one writes all that a commit
/// takes. Statements name the partition they are for: a plan for the whole table would lock each of its partitions.
/// </summary>
internal sealed class PostgresReadSession : ReadSession
{
    /// <summary>Rows that are gathered before they are sent: a rebuild brings half a million in one event.</summary>
    private const int RowsMax = 5_000;

    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly HashSet<string> _known = [];
    private readonly Dictionary<MessageId, MessageView> _loaded = [];
    private readonly Dictionary<int, long> _offsets = [];
    private readonly Dictionary<string, RowArrays> _inserts = [], _updates = [], _lines = [];
    private readonly RowArrays _tags = new("ttb"), _told = new("bnbn");
    private readonly SortedDictionary<(int Partition, string Tenant, string Stream, byte Status), long> _counts = [];
    private readonly SortedDictionary<(int, DateOnly, string, string, string, byte), long> _outcomes = [];
    private int _rows;

    public PostgresReadSession(PostgresDatabase database, MessageRetention? retention, TimeProvider? time)
        : base(database, retention, time)
    {
        (_database, _connection) = (database, (NpgsqlConnection)Connection);
        foreach (var table in (string[])[.. MessageSchema.ByWeek, MessageSchema.ByDay])
            foreach (var (name, _) in Partitions.Of(_connection, database.Name, table)) _known.Add(name);
    }

    protected override long Offset(int partition, IReadOnlyList<NumberedEvent> events)
    {
        // What this partition has written in this transaction must be there to be looked up.
        if (_offsets.ContainsKey(partition)) Flush();
        _loaded.Clear();
        using var batch = new NpgsqlBatch(_connection);
        // Locked: of two who project one ledger the second waits, and finds that it was done.
        batch.BatchCommands.Add(Command(
            $"INSERT INTO {_database.Table("offsets")} VALUES ($1, 0) ON CONFLICT DO NOTHING", (long)partition));
        batch.BatchCommands.Add(Command(
            $"SELECT seq FROM {_database.Table("offsets")} WHERE partition = $1 FOR UPDATE", (long)partition));
        foreach (var week in events.SelectMany(e => Story.Steps(e)).Select(s => s.Message).Distinct()
            .GroupBy(m => Partitions.NameOf("messages", ReadPartitions.WeekOf(m.Submission))).Where(w => _known.Contains(w.Key)))
        {
            var ids = new RowArrays("bn");
            foreach (var id in week) ids.Add(StoredForm.Bytes(id.Submission), id.Index);
            batch.BatchCommands.Add(ids.ToCommand($"""
                SELECT m.submission, m.idx, {MessageRow.Changeable}
                FROM unnest($1, $2) AS u(s, i) JOIN {_database.Table(week.Key)} m ON m.submission = u.s AND m.idx = u.i
                """));
        }
        using var reader = batch.ExecuteReader();
        var offset = reader.Read() ? reader.GetInt64(0) : 0;
        while (reader.NextResult())
            while (reader.Read())
            {
                var id = new MessageId(StoredForm.Submission(reader.GetFieldValue<byte[]>(0)), (int)reader.GetInt64(1));
                _loaded[id] = MessageRow.ReadChangeable(reader, id, 2);
            }
        return offset;
    }

    protected override void SetOffset(int partition, long number)
    {
        _offsets[partition] = number;
        if (_rows >= RowsMax) Flush();
    }

    protected override MessageView? Load(MessageId id) => _loaded.GetValueOrDefault(id);

    protected override List<(Hash128 Report, AmendmentKind Kind)> Told(MessageId id) => _connection.Read(row =>
        (Hash128.Read((byte[])row.GetValue(0)), (AmendmentKind)row.GetInt64(1)),
        $"SELECT report, kind FROM {_database.Table("amendments")} WHERE submission = @a AND idx = @b",
        StoredForm.Bytes(id.Submission), id.Index);

    protected override void Insert(int partition, FoldedMessage m) =>
        In(_inserts, "messages", ReadPartitions.WeekOf(m.Message.Id.Submission), MessageRow.Kinds)
            .Add(MessageRow.Values(m.Message, m.Address, partition));

    protected override void Update(MessageView m) =>
        In(_updates, "messages", ReadPartitions.WeekOf(m.Id.Submission), MessageRow.ChangedKinds).Add(MessageRow.Changed(m));

    protected override void Insert(int partition, in FoldedLine line) =>
        In(_lines, "lines", DateOnly.FromDayNumber(MessageRetention.DayOf(line.Line.At)), LineRow.Kinds)
            .Add(LineRow.Values(line, partition));

    protected override void Tag(string tenant, string tag, SubmissionId submission)
    {
        Ensure("tags", ReadPartitions.WeekOf(submission));
        _tags.Add(tenant, tag, StoredForm.Bytes(submission));
    }

    protected override void Tell(Amendment a)
    {
        Ensure("amendments", ReadPartitions.WeekOf(a.Message.Submission));
        _told.Add(StoredForm.Bytes(a.Message.Submission), a.Message.Index, a.Report.ToBytes(), (byte)a.Kind);
    }

    protected override void Count(int partition, string tenant, string stream, byte status, long by) =>
        _counts[(partition, tenant, stream, status)] = _counts.GetValueOrDefault((partition, tenant, stream, status)) + by;

    protected override void CountOutcome(
        int partition, (DateOnly Day, string Tenant, string Stream, string Sender, byte Class) of, long by)
    {
        var key = (partition, of.Day, of.Tenant, of.Stream, of.Sender, of.Class);
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + by;
    }

    protected override void Delete(MessageId id)
    {
        Flush();
        var submission = StoredForm.Bytes(id.Submission);
        var gone = _connection.Read(row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), $"""
            DELETE FROM {_database.Table("messages")} WHERE submission = @a AND idx = @b RETURNING tenant, tags
            """, submission, id.Index);
        DeleteLines(id, int.MaxValue);
        foreach (var (tenant, tags) in gone)
            foreach (var tag in StoredForm.Tags(tags))
                _connection.Run($"""
                    DELETE FROM {_database.Table("tags")} WHERE tenant = @a AND tag = @b AND submission = @c AND NOT EXISTS (
                        SELECT 1 FROM {_database.Table("messages")} m WHERE m.submission = @c)
                    """, tenant, tag, submission);
    }

    protected override void DeleteLines(MessageId id, int firstDay) => _connection.Run(
        $"DELETE FROM {_database.Table("lines")} WHERE submission = @a AND idx = @b AND day < @c",
        StoredForm.Bytes(id.Submission), id.Index, firstDay);

    public override long PruneOutcomes(int day) =>
        _connection.Run($"DELETE FROM {_database.Table("outcomes")} WHERE day < @a", day);

    public override void Begin()
    {
        Clear();
        base.Begin();
    }

    public override void Commit()
    {
        Flush();
        base.Commit();
    }

    /// <summary>The rows for a partition that is there by then.</summary>
    private RowArrays In(Dictionary<string, RowArrays> all, string table, DateOnly first, string kinds)
    {
        if (_rows++ >= RowsMax) Send();
        var name = Ensure(table, first);
        return all.TryGetValue(name, out var rows) ? rows : all[name] = new(kinds);
    }

    private string Ensure(string table, DateOnly first)
    {
        var name = Partitions.NameOf(table, first);
        if (_known.Contains(name)) return name;
        if (table == MessageSchema.ByDay) ReadPartitions.EnsureDay(_database, first);
        else ReadPartitions.EnsureWeek(_database, table, first);
        _known.Add(name);
        return name;
    }

    private void Flush()
    {
        Send();
        using var batch = new NpgsqlBatch(_connection);
        // In the order of their keys: who updates the same rows in another order may wait for whom it holds up.
        var counts = new RowArrays("nttnn");
        foreach (var ((partition, tenant, stream, status), by) in _counts) counts.Add(partition, tenant, stream, status, by);
        Add(batch, counts, $"""
            INSERT INTO {_database.Table("counters")} AS c SELECT * FROM unnest({counts.Places})
            ON CONFLICT (partition, tenant, stream, status) DO UPDATE SET messages = c.messages + excluded.messages
            """);
        var outcomes = new RowArrays("nntttnn");
        foreach (var ((partition, day, tenant, stream, sender, of), by) in _outcomes)
            outcomes.Add(partition, day.DayNumber, tenant, stream, sender, of, by);
        Add(batch, outcomes, $"""
            INSERT INTO {_database.Table("outcomes")} AS o SELECT * FROM unnest({outcomes.Places})
            ON CONFLICT (partition, day, tenant, stream, sender, class) DO UPDATE SET attempts = o.attempts + excluded.attempts
            """);
        var offsets = new RowArrays("nn");
        foreach (var (partition, number) in _offsets.OrderBy(o => o.Key)) offsets.Add(partition, number);
        Add(batch, offsets, $"""
            INSERT INTO {_database.Table("offsets")} SELECT * FROM unnest({offsets.Places})
            ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq
            """);
        if (batch.BatchCommands.Count > 0) batch.ExecuteNonQuery();
        Clear();
    }

    /// <summary>The rows; what is counted goes with the place, once.</summary>
    private void Send()
    {
        using var batch = new NpgsqlBatch(_connection);
        foreach (var (part, rows) in _inserts.Where(r => r.Value.Count > 0))
            Add(batch, rows, $"INSERT INTO {_database.Table(part)} ({string.Join(", ", MessageRow.Written)}) "
                + $"SELECT * FROM unnest({rows.Places})");
        foreach (var (part, rows) in _updates.Where(r => r.Value.Count > 0))
            Add(batch, rows, $"UPDATE {_database.Table(part)} m SET "
                + string.Join(", ", MessageRow.ChangedColumns.Select(c => $"{c} = u.{c}"))
                + $" FROM unnest({rows.Places}) AS u({string.Join(", ", MessageRow.ChangedColumns)}, s, i) "
                + "WHERE m.submission = u.s AND m.idx = u.i");
        foreach (var (part, rows) in _lines.Where(r => r.Value.Count > 0))
            Add(batch, rows, $"INSERT INTO {_database.Table(part)} ({string.Join(", ", LineRow.Written)}) "
                + $"SELECT * FROM unnest({rows.Places})");
        Add(batch, _tags, $"INSERT INTO {_database.Table("tags")} SELECT * FROM unnest({_tags.Places}) ON CONFLICT DO NOTHING");
        Add(batch, _told, $"INSERT INTO {_database.Table("amendments")} SELECT * FROM unnest({_told.Places})");
        if (batch.BatchCommands.Count > 0) batch.ExecuteNonQuery();
        foreach (var rows in _inserts.Values.Concat(_updates.Values).Concat(_lines.Values)) rows.Clear();
        _tags.Clear();
        _told.Clear();
        _rows = 0;
    }

    private static void Add(NpgsqlBatch batch, RowArrays rows, string sql)
    {
        if (rows.Count > 0) batch.BatchCommands.Add(rows.ToCommand(sql));
    }

    private void Clear()
    {
        foreach (var rows in _inserts.Values.Concat(_updates.Values).Concat(_lines.Values)) rows.Clear();
        _tags.Clear();
        _told.Clear();
        _counts.Clear();
        _outcomes.Clear();
        _offsets.Clear();
        _rows = 0;
    }

    private static NpgsqlBatchCommand Command(string sql, long value) => new(sql)
    {
        Parameters = { new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = value } },
    };
}
