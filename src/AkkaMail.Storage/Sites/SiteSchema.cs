namespace AkkaMail.Storage.Sites;

/// <summary>sites.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class SiteSchema
{
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE site_changes (
            domain TEXT NOT NULL, at INTEGER NOT NULL, site TEXT NOT NULL, provider TEXT, reason TEXT NOT NULL,
            mx_hosts TEXT NOT NULL, version TEXT NOT NULL,
            PRIMARY KEY (domain, at)) WITHOUT ROWID;
        CREATE INDEX site_changes_at ON site_changes (at);
        CREATE TABLE places (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        """,
    ];
}
