using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Content;

internal static class ContentSchema
{
    /// <summary>On PostgreSQL a partition is a day, or a week: that in which what it holds may go.</summary>
    public static readonly string[] ByDay = ["bodies", "blobs", "blob_uses"], ByWeek = ["envelopes", "envelope_chunks"];

    // SQLite. Each page a commit touches is written twice, to the log and at the checkpoint, so rows are only appended:
    // the first layout had a table and an index by hash for the dates of contents, and wrote 120 KB a mail of 4 KB. Marks
    // holds the next id of an envelope or blob: max(id) + 1 would give an erased person's id, still in the journal, to
    // another. Up to the mark 'gone' an envelope that is not there was erased, pruned, its loss accepted, or written to
    // another file; one beyond it was lost. As a session makes ids of times: 2461041.5 is the first of January 2026.
    //
    // PostgreSQL. What is over goes as a partition, and an id begins with the day on which that is. Bodies come packed, so
    // that most of them fit into a row's page: to pack them again would cost what is scarce. By content an envelope is
    // only looked for to erase a person, within one partition, and there contents rise with ids.
    public static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE bodies (content INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE envelopes (
            id INTEGER PRIMARY KEY, content INTEGER, keep_until INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX envelopes_content ON envelopes (content) WHERE content IS NOT NULL;
        CREATE INDEX envelopes_with_content ON envelopes (keep_until) WHERE content IS NOT NULL;
        CREATE INDEX envelopes_alone ON envelopes (keep_until) WHERE content IS NULL;
        CREATE TABLE envelope_chunks (
            id INTEGER NOT NULL, chunk INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (id, chunk));
        CREATE TABLE blobs (
            id INTEGER NOT NULL, piece INTEGER NOT NULL, octets BLOB NOT NULL, PRIMARY KEY (id, piece));
        CREATE TABLE blob_uses (
            content INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY (content, blob)) WITHOUT ROWID;
        CREATE INDEX blob_uses_blob ON blob_uses (blob);
        CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO marks VALUES ('next_id', 1);
        INSERT INTO marks VALUES ('gone', 1000 * CAST((julianday('now') - 2461041.5) * 86400000 AS INTEGER));
        """,
        """
        CREATE SEQUENCE blocks;
        CREATE TABLE bodies (content BIGINT PRIMARY KEY, body BYTEA NOT NULL) PARTITION BY RANGE (content);
        CREATE TABLE envelopes (
            id BIGINT PRIMARY KEY, content BIGINT, keep_until BIGINT NOT NULL, body BYTEA NOT NULL)
            PARTITION BY RANGE (id);
        CREATE INDEX envelopes_content ON envelopes USING BRIN (content);
        CREATE TABLE envelope_chunks (
            id BIGINT NOT NULL, chunk BIGINT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (id, chunk)) PARTITION BY RANGE (id);
        CREATE TABLE blobs (
            id BIGINT NOT NULL, piece BIGINT NOT NULL, octets BYTEA NOT NULL, PRIMARY KEY (id, piece)) PARTITION BY RANGE (id);
        CREATE TABLE blob_uses (
            content BIGINT NOT NULL, blob BIGINT NOT NULL, PRIMARY KEY (content, blob)) PARTITION BY RANGE (content);
        CREATE INDEX blob_uses_blob ON blob_uses (blob);
        ALTER TABLE bodies ALTER body SET STORAGE EXTERNAL;
        ALTER TABLE blobs ALTER octets SET STORAGE EXTERNAL;
        """));
}
