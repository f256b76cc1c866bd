using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.DomainReports;

internal static class ReportSchema
{
    // The tenant is part of every key: a domain that changes hands does not show the last owner's figures, and a report
    // that a tenant has made up does not make another's a repeat. Days are numbered as DateOnly does it.
    public static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE reports (
            tenant TEXT NOT NULL, kind INTEGER NOT NULL, about TEXT NOT NULL, claimed TEXT NOT NULL,
            report_id TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, origin TEXT NOT NULL,
            taken_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, kind, about, claimed, report_id)) WITHOUT ROWID;
        CREATE INDEX reports_day ON reports (day, tenant, domain, kind);
        CREATE TABLE dmarc_rows (
            tenant TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, source_ip TEXT NOT NULL,
            reporter TEXT NOT NULL, mails INTEGER NOT NULL, dkim_aligned INTEGER NOT NULL, spf_aligned INTEGER NOT NULL,
            passed INTEGER NOT NULL, quarantined INTEGER NOT NULL, rejected INTEGER NOT NULL,
            authenticated_as TEXT NOT NULL,
            PRIMARY KEY (tenant, domain, day, source_ip, reporter)) WITHOUT ROWID;
        CREATE TABLE tls_rows (
            tenant TEXT NOT NULL, domain TEXT NOT NULL, day INTEGER NOT NULL, reporter TEXT NOT NULL,
            policy_domain TEXT NOT NULL, policy_type TEXT NOT NULL, mx_host TEXT NOT NULL, result TEXT NOT NULL,
            sessions INTEGER NOT NULL,
            PRIMARY KEY (tenant, domain, day, reporter, policy_domain, policy_type, mx_host, result)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE reports (
            tenant TEXT NOT NULL, kind BIGINT NOT NULL, about TEXT NOT NULL, claimed TEXT NOT NULL,
            report_id TEXT NOT NULL, domain TEXT NOT NULL, day BIGINT NOT NULL, origin TEXT NOT NULL,
            taken_at BIGINT NOT NULL,
            PRIMARY KEY (tenant, kind, about, claimed, report_id));
        CREATE INDEX reports_day ON reports (day, tenant, domain, kind);
        CREATE TABLE dmarc_rows (
            tenant TEXT NOT NULL, domain TEXT NOT NULL, day BIGINT NOT NULL, source_ip TEXT NOT NULL,
            reporter TEXT NOT NULL, mails BIGINT NOT NULL, dkim_aligned BIGINT NOT NULL, spf_aligned BIGINT NOT NULL,
            passed BIGINT NOT NULL, quarantined BIGINT NOT NULL, rejected BIGINT NOT NULL,
            authenticated_as TEXT NOT NULL,
            PRIMARY KEY (tenant, domain, day, source_ip, reporter));
        CREATE TABLE tls_rows (
            tenant TEXT NOT NULL, domain TEXT NOT NULL, day BIGINT NOT NULL, reporter TEXT NOT NULL,
            policy_domain TEXT NOT NULL, policy_type TEXT NOT NULL, mx_host TEXT NOT NULL, result TEXT NOT NULL,
            sessions BIGINT NOT NULL,
            PRIMARY KEY (tenant, domain, day, reporter, policy_domain, policy_type, mx_host, result));
        """));
}
