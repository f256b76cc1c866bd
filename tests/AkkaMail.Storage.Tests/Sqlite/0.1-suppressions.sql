CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, lifted INTEGER NOT NULL,
    entry INTEGER NOT NULL, by TEXT NOT NULL, undo TEXT, note TEXT, detail TEXT);
CREATE INDEX events_entry ON events (entry);
INSERT INTO events VALUES (1, 639132336000000000, 0, 1, 'k1', NULL, 'a note', '{"k":"37752325a18219f608a2ee8c3b4f8e58","s":2,"t":"acme","m":"news","o":2,"w":{"cause":"01kqhphyf8g008000000000001-2","reason":"unknown_user","rule":"rule","version":"v1","source":"ip1","site":"google","reply":"550 5.1.1 no \u2709"},"x":639909936000000000}');
INSERT INTO events VALUES (2, 639132336000000000, 0, 2, 'k1', NULL, 'a note', '{"k":"814e8ece31ae78b1eca933b007663343","s":0,"t":"","m":"","o":2,"w":{"cause":"01kqhphyf8g008000000000001-2","reason":"unknown_user","rule":"rule","version":"v1","source":"ip1","site":"google","reply":"550 5.1.1 no \u2709"},"x":639909936000000000}');
INSERT INTO events VALUES (3, 639133200000000000, 1, 2, 'k2', 'undo-1', 'not any more', NULL);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, target BLOB NOT NULL, scope INTEGER NOT NULL, tenant TEXT NOT NULL,
    stream TEXT NOT NULL, origin INTEGER NOT NULL, reason TEXT, rule TEXT, version TEXT, cause TEXT,
    source TEXT, site TEXT, reply TEXT, note TEXT, by TEXT NOT NULL, at INTEGER NOT NULL, expires_at INTEGER);
CREATE UNIQUE INDEX entries_target ON entries (target, scope, tenant, stream);
CREATE INDEX entries_tenant ON entries (tenant, id);
CREATE INDEX entries_rule ON entries (rule, at);
CREATE INDEX entries_expires_at ON entries (expires_at) WHERE expires_at IS NOT NULL;
INSERT INTO entries VALUES (1, X'37752325A18219F608A2EE8C3B4F8E58', 2, 'acme', 'news', 2, 'unknown_user', 'rule', 'v1', '01kqhphyf8g008000000000001-2', 'ip1', 'google', '550 5.1.1 no ✉', 'a note', 'k1', 639132336000000000, 639909936000000000);
CREATE TABLE addresses (target BLOB PRIMARY KEY, address TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO addresses VALUES (X'37752325A18219F608A2EE8C3B4F8E58', 'ann@a.test');
CREATE TABLE softs (
    tenant TEXT NOT NULL, target BLOB NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (tenant, target, message)) WITHOUT ROWID;
INSERT INTO softs VALUES ('acme', X'7CFD1F389152D64C9D29C6EE462E2D3D', '01kqhphyf8g008000000000001-2', 639132336000000000);
CREATE TABLE offsets (partition INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
INSERT INTO offsets VALUES (5, 77);
CREATE TABLE imports (
    id TEXT PRIMARY KEY, tenant TEXT, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, ended_at BIGINT, problem TEXT,
    lines BIGINT NOT NULL, added BIGINT NOT NULL, known BIGINT NOT NULL, faulty BIGINT NOT NULL, faults TEXT NOT NULL);
INSERT INTO imports VALUES ('imp-1f', 'acme', 639132336000000000, 639132336010000000, 639132336010000000, 'line 3: why', 3, 1, 1, 2, '2 address is none: ✉
3 why');
PRAGMA user_version = 3;
