namespace AkkaMail.Storage.Suppression;

/// <summary>suppressions.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class SuppressionSchema
{
    // The events are the truth, the entries what follows from them; both are written in one transaction. Addresses stand
    // alone, so that erasing a person is one row and whom nothing may be sent to stays as it is.
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, lifted INTEGER NOT NULL,
            entry INTEGER NOT NULL, by TEXT NOT NULL, undo TEXT, note TEXT, detail TEXT);
        CREATE INDEX events_entry ON events (entry);
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, target BLOB NOT NULL, scope INTEGER NOT NULL, tenant TEXT NOT NULL,
            stream TEXT NOT NULL, origin INTEGER NOT NULL, reason TEXT, rule TEXT, version TEXT, cause TEXT,
            source TEXT, site TEXT, reply TEXT, note TEXT, by TEXT NOT NULL, at INTEGER NOT NULL, expires_at INTEGER);
        CREATE UNIQUE INDEX entries_target ON entries (target, scope, tenant, stream);
        CREATE INDEX entries_tenant ON entries (tenant, id);
        CREATE INDEX entries_rule ON entries (rule, at);
        CREATE INDEX entries_expires_at ON entries (expires_at) WHERE expires_at IS NOT NULL;
        CREATE TABLE addresses (target BLOB PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE softs (
            tenant TEXT NOT NULL, target BLOB NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (tenant, target, message)) WITHOUT ROWID;
        CREATE TABLE offsets (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        """,
    ];
}
