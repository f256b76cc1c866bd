CREATE TABLE bodies (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL);
INSERT INTO bodies VALUES (1, X'8309805375626A6563743A20E29C890D0A0D0A476F6E6503');
CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body INTEGER NOT NULL, at INTEGER NOT NULL, door INTEGER NOT NULL,
    recipient TEXT NOT NULL, mail_from TEXT NOT NULL, helo TEXT NOT NULL, remote TEXT NOT NULL, size INTEGER NOT NULL,
    loop TEXT, submission BLOB, idx INTEGER, outcome INTEGER NOT NULL, due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL, tenant TEXT, kind INTEGER, reporter TEXT, is_verified INTEGER NOT NULL DEFAULT 0,
    authentication TEXT, feedback_type TEXT, reason INTEGER, rule TEXT, version TEXT, detail TEXT);
CREATE INDEX mails_due ON mails (door, due_at) WHERE outcome = 0;
CREATE INDEX mails_unclear ON mails (due_at) WHERE outcome = 5 OR (outcome = 1 AND reason = 0);
CREATE INDEX mails_outcome ON mails (outcome);
CREATE INDEX mails_tenant ON mails (tenant, outcome);
CREATE INDEX mails_message ON mails (submission, idx);
CREATE INDEX mails_reporter ON mails (reporter);
CREATE INDEX mails_door ON mails (door, at);
CREATE INDEX mails_body ON mails (body);
CREATE INDEX mails_at ON mails (at);
INSERT INTO mails VALUES (1, 1, 639132336000000000, 1, 'fbl@bounce.test', 'ann@a.test', 'mx.test', '192.0.2.1', 20, 'yahoo', X'019DE368F9E880008000000000000001', 2, 1, 639132336000000000, 1, 'acme', 4, 'mx.test', 1, 'spf=pass', 'abuse', 1, 'rule', 'v1', 'why');
CREATE TABLE sums (
    one BIGINT PRIMARY KEY, changes BIGINT NOT NULL, waiting_sealed BIGINT NOT NULL, waiting_open BIGINT NOT NULL,
    bytes BIGINT NOT NULL);
INSERT INTO sums VALUES (1, 2, 0, 0, 24);
PRAGMA user_version = 2;
