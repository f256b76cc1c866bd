CREATE TABLE site_changes (
    domain TEXT NOT NULL, at INTEGER NOT NULL, site TEXT NOT NULL, provider TEXT, reason TEXT NOT NULL,
    mx_hosts TEXT NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (domain, at)) WITHOUT ROWID;
CREATE INDEX site_changes_at ON site_changes (at);
INSERT INTO site_changes VALUES ('a.test', 639132336000000000, 'google', 'google', 'its MX host', 'mx1.a.test mx2.a.test', 'v1');
CREATE TABLE places (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
INSERT INTO places VALUES (3, 7);
PRAGMA user_version = 1;
