using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Idempotency;

internal static class IdempotencySchema
{
    public static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE keys (
            key BLOB PRIMARY KEY, submission BLOB NOT NULL, submissions INTEGER NOT NULL, request BLOB NOT NULL,
            send_at INTEGER, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX keys_expires_at ON keys (expires_at);
        CREATE TABLE places (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        """,
        """
        CREATE TABLE keys (
            key BYTEA PRIMARY KEY, submission BYTEA NOT NULL, submissions BIGINT NOT NULL, request BYTEA NOT NULL,
            send_at BIGINT, expires_at BIGINT NOT NULL);
        CREATE INDEX keys_expires_at ON keys (expires_at);
        CREATE TABLE places (partition BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
        """));
}
