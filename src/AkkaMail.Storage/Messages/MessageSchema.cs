using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Messages;

/// <summary>read.db: the projection <c>messages</c>.</summary>
internal static class MessageSchema
{
    /// <summary>Of the tables below, and of what is written into them: it is raised when either changes.</summary>
    public const int Version = 3;

    /// <summary>
    /// Idempotency keys lay here at first: <c>CarriedKeys</c> has taken them over by now. A released step is never
    /// edited.
    /// </summary>
    public static readonly Schema Schema = new(
        new Dialects(
            """
            CREATE TABLE keys (
                key BLOB PRIMARY KEY, submission BLOB NOT NULL, submissions INTEGER NOT NULL, request BLOB NOT NULL,
                expires_at INTEGER NOT NULL) WITHOUT ROWID;
            CREATE INDEX keys_expires_at ON keys (expires_at);
            """, ""),
        new Dialects("DROP TABLE keys", ""));

    public static readonly string[] Tables =
        ["messages", "tags", "lines", "counters", "offsets", "outcomes", "amendments"];

    // lines_feed is the order in which they were recorded, a tenant's: who hands events on reads by it, and the oldest
    // go by it. An id sorts by time, so the primary key is the order of every list, and each index, which SQLite ends
    // with the primary key of a WITHOUT ROWID table, gives its rows newest first without a sort.
    //
    // The statistics are what ANALYZE would find in a large installation. Without them the planner takes whichever
    // index has most columns given, and a search for one recipient among a million delivered would walk the million.
    private const string OnSqlite = MessageRow.Create + """

        CREATE INDEX messages_tenant ON messages (tenant);
        CREATE INDEX messages_status ON messages (tenant, status);
        CREATE INDEX messages_stream ON messages (tenant, stream);
        CREATE INDEX messages_address ON messages (address);
        CREATE INDEX messages_provider ON messages (tenant, provider);
        CREATE INDEX messages_reason ON messages (tenant, reason) WHERE reason IS NOT NULL;
        CREATE TABLE tags (
            tenant TEXT NOT NULL, tag TEXT NOT NULL, submission BLOB NOT NULL,
            PRIMARY KEY (tenant, tag, submission)) WITHOUT ROWID;
        CREATE TABLE lines (
            submission BLOB NOT NULL, idx INTEGER NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL,
            type TEXT NOT NULL, at INTEGER NOT NULL, attempt INTEGER, detail TEXT, day INTEGER NOT NULL,
            tenant TEXT NOT NULL, partition INTEGER NOT NULL, place INTEGER NOT NULL, sequence INTEGER NOT NULL,
            state INTEGER NOT NULL,
            PRIMARY KEY (submission, idx, seq, ordinal)) WITHOUT ROWID;
        CREATE INDEX lines_feed ON lines (tenant, partition, seq, place);
        CREATE TABLE counters (
            partition INTEGER NOT NULL, tenant TEXT NOT NULL, stream TEXT NOT NULL, status INTEGER NOT NULL,
            messages INTEGER NOT NULL, PRIMARY KEY (partition, tenant, stream, status)) WITHOUT ROWID;
        CREATE TABLE offsets (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        CREATE TABLE outcomes (
            partition INTEGER NOT NULL, day INTEGER NOT NULL, tenant TEXT NOT NULL, stream TEXT NOT NULL,
            sender TEXT NOT NULL, class INTEGER NOT NULL, attempts INTEGER NOT NULL,
            PRIMARY KEY (partition, day, tenant, stream, sender, class)) WITHOUT ROWID;
        CREATE INDEX outcomes_day ON outcomes (day);
        CREATE TABLE amendments (
            submission BLOB NOT NULL, idx INTEGER NOT NULL, report BLOB NOT NULL, kind INTEGER NOT NULL,
            PRIMARY KEY (submission, idx, report)) WITHOUT ROWID;
        ANALYZE sqlite_schema;
        DELETE FROM sqlite_stat1;
        INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
            ('messages', 'messages', '10000000 2 1'),
            ('messages', 'messages_tenant', '10000000 100000 2 1'),
            ('messages', 'messages_status', '10000000 1000000 200000 2 1'),
            ('messages', 'messages_stream', '10000000 1000000 500000 2 1'),
            ('messages', 'messages_address', '10000000 10 2 1'),
            ('messages', 'messages_provider', '10000000 1000000 500000 2 1'),
            ('messages', 'messages_reason', '1000000 100000 20000 2 1'),
            ('tags', 'tags', '1000000 100000 10000 1');
        """;

    /// <summary>By the week in which a submission was accepted.</summary>
    public static readonly string[] ByWeek = ["messages", "tags", "amendments"];

    /// <summary>By the day on which it was recorded.</summary>
    public const string ByDay = "lines";

    // What is over goes as a partition. Logged, and synced: of rows that a crash had taken the projection would not know.
    // Counters have the ledger in their key, so that no two nodes wait for one row, and room in their pages, so that an
    // update stays in its own. An address is the one thing that comes by chance, so how many there are cannot be guessed.
    private const string OnPostgres = MessageRow.CreateOnPostgres + """

        CREATE INDEX messages_tenant ON messages (tenant, submission, idx);
        CREATE INDEX messages_status ON messages (tenant, status, submission, idx);
        CREATE INDEX messages_stream ON messages (tenant, stream, submission, idx);
        CREATE INDEX messages_address ON messages (address, submission, idx);
        CREATE INDEX messages_provider ON messages (tenant, provider, submission, idx);
        CREATE INDEX messages_reason ON messages (tenant, reason, submission, idx) WHERE reason IS NOT NULL;
        ALTER TABLE messages ALTER address SET (n_distinct = -0.2);
        CREATE TABLE tags (
            tenant TEXT NOT NULL, tag TEXT NOT NULL, submission BYTEA NOT NULL,
            PRIMARY KEY (tenant, tag, submission)) PARTITION BY RANGE (submission);
        CREATE TABLE lines (
            submission BYTEA NOT NULL, idx BIGINT NOT NULL, seq BIGINT NOT NULL, ordinal BIGINT NOT NULL,
            type TEXT NOT NULL, at BIGINT NOT NULL, attempt BIGINT, detail TEXT, day BIGINT NOT NULL,
            tenant TEXT NOT NULL, partition BIGINT NOT NULL, place BIGINT NOT NULL, sequence BIGINT NOT NULL,
            state BIGINT NOT NULL,
            PRIMARY KEY (submission, idx, seq, ordinal, day)) PARTITION BY RANGE (day);
        CREATE INDEX lines_feed ON lines (tenant, partition, seq, place);
        CREATE TABLE counters (
            partition BIGINT NOT NULL, tenant TEXT NOT NULL, stream TEXT NOT NULL, status BIGINT NOT NULL,
            messages BIGINT NOT NULL, PRIMARY KEY (partition, tenant, stream, status)) WITH (fillfactor = 50);
        CREATE TABLE offsets (partition BIGINT PRIMARY KEY, seq BIGINT NOT NULL) WITH (fillfactor = 50);
        CREATE TABLE outcomes (
            partition BIGINT NOT NULL, day BIGINT NOT NULL, tenant TEXT NOT NULL, stream TEXT NOT NULL,
            sender TEXT NOT NULL, class BIGINT NOT NULL, attempts BIGINT NOT NULL,
            PRIMARY KEY (partition, day, tenant, stream, sender, class)) WITH (fillfactor = 50);
        CREATE INDEX outcomes_day ON outcomes (day);
        CREATE TABLE amendments (
            submission BYTEA NOT NULL, idx BIGINT NOT NULL, report BYTEA NOT NULL, kind BIGINT NOT NULL,
            PRIMARY KEY (submission, idx, report)) PARTITION BY RANGE (submission);
        """;

    public static readonly Dialects Create = new(OnSqlite, OnPostgres);
}
