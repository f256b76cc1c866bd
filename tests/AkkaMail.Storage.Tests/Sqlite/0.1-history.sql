CREATE TABLE rules (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, version TEXT NOT NULL, first_seen INTEGER NOT NULL,
    node TEXT NOT NULL, over TEXT, text TEXT NOT NULL, UNIQUE (kind, version));
INSERT INTO rules VALUES (1, 'shaping', '1f3a', 639132336000000000, 'akka.tcp://akkamail@127.0.0.1:1#9', NULL, '{}');
INSERT INTO rules VALUES (2, 'shaping', 'ü+77aa', 639132336000000000, 'akka.tcp://akkamail@127.0.0.1:1#9', '1f3a', '{ }
');
CREATE TABLE nodes (
    number INTEGER PRIMARY KEY, node TEXT NOT NULL UNIQUE, program TEXT NOT NULL, settings TEXT NOT NULL,
    started INTEGER NOT NULL, seen INTEGER NOT NULL, ended INTEGER, why TEXT);
INSERT INTO nodes VALUES (1, 'akka.tcp://akkamail@127.0.0.1:1#9', '0.1.0', '1f3a0c77be21', 639132336000000000, 639132372000000000, 639132372000000000, 'stopped');
INSERT INTO nodes VALUES (2, 'akka.tcp://akkamail@127.0.0.1:1#10', '0.1.0', '1f3a0c77be21', 639132408000000000, 639132408000000000, NULL, 'lost');
INSERT INTO nodes VALUES (3, 'akka.tcp://akkamail@127.0.0.1:1#11', '0.1.0', '1f3a0c77be21', 639132444000000000, 639132444000000000, NULL, NULL);
CREATE TABLE in_force (
    node TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (node, kind, at)) WITHOUT ROWID;
INSERT INTO in_force VALUES ('akka.tcp://akkamail@127.0.0.1:1#9', 'shaping', 639132336000000000, 'ü+77aa');
CREATE TABLE generations (
    projection TEXT PRIMARY KEY, current BIGINT NOT NULL, beside BIGINT, was_read BIGINT NOT NULL,
    since BIGINT NOT NULL, throttle DOUBLE PRECISION NOT NULL, newest BIGINT NOT NULL);
INSERT INTO generations VALUES ('messages', 1, 2, 0, 639132336000000000, 0.5, 2);
CREATE TABLE orders (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, verb TEXT NOT NULL, subject TEXT NOT NULL,
    reason TEXT NOT NULL);
INSERT INTO orders VALUES (1, 639132336000000000, 'admin', 'leave', 'akka.tcp://akkamail@127.0.0.1:1', 'a new disk');
PRAGMA user_version = 3;
