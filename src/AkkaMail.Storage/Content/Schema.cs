namespace AkkaMail.Storage.Content;

/// <summary>content.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class Schema
{
    // Bodies stand apart from the dates: SQLite rewrites a whole row, so one new envelope of a 1 MB mail that is
    // sent ten thousand times would otherwise write the megabyte again.
    // AUTOINCREMENT: a content's id is a cache key, so it must not come back for another content.
    // Marks holds the next envelope id: max(id) + 1 would give an erased person's id, still in the journal, to another.
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE contents (
            id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, keep_until INTEGER NOT NULL);
        CREATE INDEX contents_keep_until ON contents (keep_until);
        CREATE TABLE bodies (content INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE envelopes (
            id INTEGER PRIMARY KEY, content INTEGER NOT NULL, keep_until INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX envelopes_content ON envelopes (content);
        CREATE INDEX envelopes_keep_until ON envelopes (keep_until);
        CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO marks VALUES ('next_envelope', 1);
        """,
    ];
}
