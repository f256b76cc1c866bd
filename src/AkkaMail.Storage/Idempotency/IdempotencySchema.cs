namespace AkkaMail.Storage.Idempotency;

/// <summary>idempotency.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class IdempotencySchema
{
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE keys (
            key BLOB PRIMARY KEY, submission BLOB NOT NULL, submissions INTEGER NOT NULL, request BLOB NOT NULL,
            send_at INTEGER, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX keys_expires_at ON keys (expires_at);
        CREATE TABLE places (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        """,
    ];
}
