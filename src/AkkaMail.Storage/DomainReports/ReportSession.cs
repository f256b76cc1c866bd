using System.Data.Common;
using AkkaMail.Core.DomainReports;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.DomainReports;

/// <summary>The statements of <see cref="ReportStore"/>.</summary>
internal sealed class ReportSession : Session
{
    private readonly ReportStoreBounds _bounds;
    private readonly DbCommand _find, _count, _add, _prune, _old;
    private readonly DbCommand _dmarcSize, _dmarcSource, _dmarcRow, _dmarcAdd, _dmarcPrune;
    private readonly DbCommand _tlsSize, _tlsRow, _tlsAdd, _tlsPrune;

    public ReportSession(Database database, ReportStoreBounds bounds) : base(database)
    {
        _bounds = bounds;
        _find = Prepare("""
            SELECT 1 FROM reports WHERE tenant = @t AND kind = @k AND about = @a AND claimed = @c AND report_id = @i
            """, "@t", "@k", "@a", "@c", "@i");
        _count = Prepare("SELECT count(*) FROM reports WHERE day = @day AND tenant = @t AND domain = @d AND kind = @k",
            "@day", "@t", "@d", "@k");
        _add = Prepare("INSERT INTO reports VALUES (@t, @k, @a, @c, @i, @d, @day, @o, @at)",
            "@t", "@k", "@a", "@c", "@i", "@d", "@day", "@o", "@at");
        _old = Prepare("SELECT DISTINCT tenant, domain FROM reports WHERE day < @day", "@day");
        _prune = Prepare("DELETE FROM reports WHERE day < @day", "@day");

        _dmarcSize = Prepare($"SELECT count(*), count(DISTINCT source_ip) FROM dmarc_rows {OfDay}", "@t", "@d", "@day");
        _dmarcSource = Prepare($"SELECT 1 FROM dmarc_rows {OfDay} AND source_ip = @s LIMIT 1",
            "@t", "@d", "@day", "@s");
        _dmarcRow = Prepare($"SELECT authenticated_as FROM dmarc_rows {OfDay} AND source_ip = @s AND reporter = @r",
            "@t", "@d", "@day", "@s", "@r");
        _dmarcAdd = Prepare("""
            INSERT INTO dmarc_rows AS r VALUES (@t, @d, @day, @s, @r, @m, @dk, @sp, @p, @q, @rj, @as)
            ON CONFLICT (tenant, domain, day, source_ip, reporter) DO UPDATE SET mails = r.mails + excluded.mails,
                dkim_aligned = r.dkim_aligned + excluded.dkim_aligned,
                spf_aligned = r.spf_aligned + excluded.spf_aligned, passed = r.passed + excluded.passed,
                quarantined = r.quarantined + excluded.quarantined, rejected = r.rejected + excluded.rejected,
                authenticated_as = excluded.authenticated_as
            """, "@t", "@d", "@day", "@s", "@r", "@m", "@dk", "@sp", "@p", "@q", "@rj", "@as");
        _dmarcPrune = Prepare("DELETE FROM dmarc_rows WHERE tenant = @t AND domain = @d AND day < @day",
            "@t", "@d", "@day");

        _tlsSize = Prepare($"SELECT count(*) FROM tls_rows {OfDay}", "@t", "@d", "@day");
        _tlsRow = Prepare($"""
            SELECT 1 FROM tls_rows {OfDay} AND reporter = @r AND policy_domain = @pd AND policy_type = @pt
                AND mx_host = @mx AND result = @rs
            """, "@t", "@d", "@day", "@r", "@pd", "@pt", "@mx", "@rs");
        _tlsAdd = Prepare("""
            INSERT INTO tls_rows AS r VALUES (@t, @d, @day, @r, @pd, @pt, @mx, @rs, @n)
            ON CONFLICT (tenant, domain, day, reporter, policy_domain, policy_type, mx_host, result)
                DO UPDATE SET sessions = r.sessions + excluded.sessions
            """, "@t", "@d", "@day", "@r", "@pd", "@pt", "@mx", "@rs", "@n");
        _tlsPrune = Prepare("DELETE FROM tls_rows WHERE tenant = @t AND domain = @d AND day < @day",
            "@t", "@d", "@day");
    }

    private const string OfDay = "WHERE tenant = @t AND domain = @d AND day = @day";

    public Filing Add(FiledReport report, IReadOnlyList<DmarcDay> sources)
    {
        if (Enter(report) is var filing and not Filing.New) return filing;
        var (rows, known) = Size(_dmarcSize, report);
        foreach (var source in sources)
        {
            var (ip, reporter) = (source.SourceIp, report.Reporter);
            if (Names(report, ip, reporter) is null)
            {
                if (rows >= _bounds.DmarcRowsOfDayMax) (ip, reporter) = (FiledReport.Other, FiledReport.Other);
                else if (!Exists(Bind(_dmarcSource, report.Tenant, report.Domain, report.Day.DayNumber, ip)))
                    if (known >= _bounds.SourcesOfDayMax) ip = FiledReport.Other;
                    else known++;
            }
            var before = Names(report, ip, reporter);
            if (before is null) rows++;
            Bind(_dmarcAdd, report.Tenant, report.Domain, report.Day.DayNumber, ip, reporter, source.Mails,
                source.DkimAligned, source.SpfAligned, source.Passed, source.Quarantined, source.Rejected,
                ip == FiledReport.Other ? "" : Union(before, source.AuthenticatedAs)).ExecuteNonQuery();
        }
        return Filing.New;
    }

    public Filing Add(FiledReport report, IReadOnlyList<TlsTally> tallies)
    {
        if (Enter(report) is var filing and not Filing.New) return filing;
        var (rows, _) = Size(_tlsSize, report);
        foreach (var tally in tallies)
        {
            var (what, reporter) = (tally, report.Reporter);
            if (!Has(what, reporter) && rows++ >= _bounds.TlsRowsOfDayMax)
            {
                reporter = FiledReport.Other;
                what = new(report.Domain, FiledReport.Other, "",
                    tally.Result == TlsTally.Success ? TlsTally.Success : FiledReport.Other, tally.Sessions);
            }
            Bind(_tlsAdd, report.Tenant, report.Domain, report.Day.DayNumber, reporter, what.PolicyDomain,
                what.PolicyType, what.MxHost, what.Result, what.Sessions).ExecuteNonQuery();
        }
        return Filing.New;

        bool Has(TlsTally t, string reporter) => Exists(Bind(_tlsRow, report.Tenant, report.Domain,
            report.Day.DayNumber, reporter, t.PolicyDomain, t.PolicyType, t.MxHost, t.Result));
    }

    /// <summary>Every row is of a day that a report is of, so the small table knows where old ones are.</summary>
    public long Prune(int before)
    {
        var old = new List<(string Tenant, string Domain)>();
        using (var reader = Bind(_old, before).ExecuteReader())
            while (reader.Read()) old.Add((reader.GetString(0), reader.GetString(1)));
        long gone = 0;
        foreach (var (tenant, domain) in old)
            gone += Bind(_dmarcPrune, tenant, domain, before).ExecuteNonQuery()
                + Bind(_tlsPrune, tenant, domain, before).ExecuteNonQuery();
        return gone + Bind(_prune, before).ExecuteNonQuery();
    }

    private Filing Enter(FiledReport r)
    {
        BeAlone();   // Sizes and names are read first, and two nodes may have a report each.
        var kind = (int)r.Kind;
        if (Exists(Bind(_find, r.Tenant, kind, r.About, r.Claimed, r.ReportId))) return Filing.Repeat;
        if ((long)Bind(_count, r.Day.DayNumber, r.Tenant, r.Domain, kind).ExecuteScalar()! >= _bounds.ReportsOfDayMax)
            return Filing.TooMany;
        Bind(_add, r.Tenant, kind, r.About, r.Claimed, r.ReportId, r.Domain, r.Day.DayNumber, r.Origin,
            r.TakenAt.UtcTicks).ExecuteNonQuery();
        return Filing.New;
    }

    private static (long Rows, long Sources) Size(DbCommand command, FiledReport report)
    {
        using var reader = Bind(command, report.Tenant, report.Domain, report.Day.DayNumber).ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.FieldCount > 1 ? reader.GetInt64(1) : 0);
    }

    private static bool Exists(DbCommand command) => command.ExecuteScalar() is not null;

    /// <summary>Null: there is no such row.</summary>
    private string? Names(FiledReport report, string ip, string reporter) => Bind(
        _dmarcRow, report.Tenant, report.Domain, report.Day.DayNumber, ip, reporter).ExecuteScalar() as string;

    private static string Union(string? before, string now) => string.IsNullOrEmpty(before) ? now
        : string.Join(' ', before.Split(' ').Concat(now.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Distinct().Take(DmarcDay.NamesMax));
}
