namespace AkkaMail.Storage.Content;

/// <summary>content.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class ContentSchema
{
    // Each page a commit touches is written twice, to the log and at the checkpoint, so rows are only appended: the first
    // layout had a table and an index by hash for the dates of contents, and wrote 120 KB a mail of 4 KB.
    // Marks holds the next id of an envelope or blob: max(id) + 1 would give an erased person's id, still in the journal,
    // to another.
    public static readonly string[] Steps =
    [
        // Up to the mark 'gone' an envelope that is not there was erased, pruned, its loss accepted, or written to another
        // file; one beyond it was lost. As a session makes ids of times: 2461041.5 is the first of January 2026.
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
    ];
}
