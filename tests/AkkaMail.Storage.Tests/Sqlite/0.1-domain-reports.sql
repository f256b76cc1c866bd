CREATE TABLE reports (
    tenant TEXT NOT NULL, kind INTEGER NOT NULL, about TEXT NOT NULL, claimed TEXT NOT NULL,
    report_id TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, origin TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, kind, about, claimed, report_id)) WITHOUT ROWID;
CREATE INDEX reports_day ON reports (day, tenant, domain, kind);
INSERT INTO reports VALUES ('acme', 0, 'a.test', 'google.com', 'r1', 'a.test', 739736, 'mail google.com', 639132336000000000);
INSERT INTO reports VALUES ('acme', 1, 'a.test', 'google.com', 'r1', 'a.test', 739736, 'mail google.com', 639132336000000000);
CREATE TABLE dmarc_rows (
    tenant TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, source_ip TEXT NOT NULL,
    reporter TEXT NOT NULL, mails INTEGER NOT NULL, dkim_aligned INTEGER NOT NULL, spf_aligned INTEGER NOT NULL,
    passed INTEGER NOT NULL, quarantined INTEGER NOT NULL, rejected INTEGER NOT NULL,
    authenticated_as TEXT NOT NULL,
    PRIMARY KEY (tenant, domain, day, source_ip, reporter)) WITHOUT ROWID;
INSERT INTO dmarc_rows VALUES ('acme', 'a.test', 739736, '192.0.2.7', 'google.com', 10, 9, 8, 7, 6, 5, 'a.test esp.test');
CREATE TABLE tls_rows (
    tenant TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, reporter TEXT NOT NULL,
    policy_domain TEXT NOT NULL, policy_type TEXT NOT NULL, mx_host TEXT NOT NULL, result TEXT NOT NULL,
    sessions INTEGER NOT NULL,
    PRIMARY KEY (tenant, domain, day, reporter, policy_domain, policy_type, mx_host, result)) WITHOUT ROWID;
INSERT INTO tls_rows VALUES ('acme', 'a.test', 739736, 'google.com', 'a.test', 'sts', 'mx.a.test', 'certificate-expired', 12);
PRAGMA user_version = 1;
