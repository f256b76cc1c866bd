namespace AkkaMail.Storage.DomainReports;

/// <summary>domain-reports.db. A released step is never edited; a change is a new step at the end.</summary>
internal static class ReportSchema
{
    // The tenant is part of every key: a domain that changes hands does not show the last owner's figures, and a report
    // that a tenant has made up does not make another's a repeat. Days are numbered as DateOnly does it.
    public static readonly string[] Steps =
    [
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
    ];
}
