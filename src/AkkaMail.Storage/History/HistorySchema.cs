namespace AkkaMail.Storage.History;

/// <summary>history.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class HistorySchema
{
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE rules (
            number INTEGER PRIMARY KEY, kind TEXT NOT NULL, version TEXT NOT NULL, first_seen INTEGER NOT NULL,
            node TEXT NOT NULL, over TEXT, text TEXT NOT NULL, UNIQUE (kind, version));
        CREATE TABLE nodes (
            number INTEGER PRIMARY KEY, node TEXT NOT NULL UNIQUE, program TEXT NOT NULL, settings TEXT NOT NULL,
            started INTEGER NOT NULL, seen INTEGER NOT NULL, ended INTEGER, why TEXT);
        CREATE TABLE in_force (
            node TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, version TEXT NOT NULL,
            PRIMARY KEY (node, kind, at)) WITHOUT ROWID;
        """,
    ];
}
