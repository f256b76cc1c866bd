using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Sites;

internal static class SiteSchema
{
    public static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE site_changes (
            domain TEXT NOT NULL, at INTEGER NOT NULL, site TEXT NOT NULL, provider TEXT, reason TEXT NOT NULL,
            mx_hosts TEXT NOT NULL, version TEXT NOT NULL,
            PRIMARY KEY (domain, at)) WITHOUT ROWID;
        CREATE INDEX site_changes_at ON site_changes (at);
        CREATE TABLE places (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
        """,
        """
        CREATE TABLE site_changes (
            domain TEXT NOT NULL, at BIGINT NOT NULL, site TEXT NOT NULL, provider TEXT, reason TEXT NOT NULL,
            mx_hosts TEXT NOT NULL, version TEXT NOT NULL,
            PRIMARY KEY (domain, at));
        CREATE INDEX site_changes_at ON site_changes (at);
        CREATE TABLE places (partition BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
        """));
}
