using LinqToDB.Mapping;

namespace AkkaMail.Storage.DomainReports;

[Table("dmarc_rows")]
internal sealed class DmarcSourceRow
{
    [Column("tenant"), PrimaryKey(0)] public string Tenant { get; set; } = "";
    [Column("domain"), PrimaryKey(1)] public string Domain { get; set; } = "";
    [Column("day"), PrimaryKey(2)] public int Day { get; set; }
    [Column("source_ip"), PrimaryKey(3)] public string SourceIp { get; set; } = "";
    [Column("reporter"), PrimaryKey(4)] public string Reporter { get; set; } = "";
    [Column("mails")] public long Mails { get; set; }
    [Column("dkim_aligned")] public long DkimAligned { get; set; }
    [Column("spf_aligned")] public long SpfAligned { get; set; }
    [Column("passed")] public long Passed { get; set; }
    [Column("quarantined")] public long Quarantined { get; set; }
    [Column("rejected")] public long Rejected { get; set; }
    [Column("authenticated_as")] public string AuthenticatedAs { get; set; } = "";
}

[Table("tls_rows")]
internal sealed class TlsSessionRow
{
    [Column("tenant"), PrimaryKey(0)] public string Tenant { get; set; } = "";
    [Column("domain"), PrimaryKey(1)] public string Domain { get; set; } = "";
    [Column("day"), PrimaryKey(2)] public int Day { get; set; }
    [Column("reporter"), PrimaryKey(3)] public string Reporter { get; set; } = "";
    [Column("policy_domain"), PrimaryKey(4)] public string PolicyDomain { get; set; } = "";
    [Column("policy_type"), PrimaryKey(5)] public string PolicyType { get; set; } = "";
    [Column("mx_host"), PrimaryKey(6)] public string MxHost { get; set; } = "";
    [Column("result"), PrimaryKey(7)] public string Result { get; set; } = "";
    [Column("sessions")] public long Sessions { get; set; }
}
