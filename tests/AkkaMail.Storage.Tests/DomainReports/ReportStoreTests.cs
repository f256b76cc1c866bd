using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.DomainReports;

namespace AkkaMail.Storage.Tests.DomainReports;

public abstract class ReportStoreTests(StorePlace place) : StoreTests(place)
{
    private static readonly DateOnly Sunday = new(2026, 3, 1);
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    private ReportStore Open(ReportStoreBounds? bounds = null) => new(Place.Database("domain-reports.db"), bounds);

    private static FiledReport Report(
        string id, ReportKind kind = ReportKind.Dmarc, string reporter = "google.com", string tenant = "acme",
        DateOnly? day = null) =>
        new(kind, tenant, "example.com", "example.com", reporter, id, day ?? Sunday, reporter, "mail google.com", Now);

    private static DmarcDay Source(string ip, long mails, long passed, string vouched = "") =>
        new(Sunday, ip, mails, passed, 0, passed, 0, mails - passed) { AuthenticatedAs = vouched };

    private static TlsTally Tally(string result, long sessions, string host = "mx.example.com") =>
        new("bounce.example.com", "sts", result == TlsTally.Success ? "" : host, result, sessions);

    private static async Task<string[]> Dmarc(ReportStore store, int sources = 50, string tenant = "acme") =>
        [.. (await store.Dmarc(tenant, "example.com", Sunday.AddDays(-30), Sunday.AddDays(30), sources, default))
            .SelectMany(d => d.Sources.Select(s => $"{d.Day:MM-dd} {s.SourceIp} {s.Mails} {s.Passed} {s.Rejected} "
                + $"{string.Join('+', s.Reporters)} {string.Join('+', s.AuthenticatedAs)}".TrimEnd()))];

    private static async Task<string[]> Tls(ReportStore store, int reporters = 50) =>
        [.. (await store.Tls("acme", "example.com", Sunday.AddDays(-30), Sunday.AddDays(30), reporters, default))
            .SelectMany(d => d.Reporters.Select(r => $"{d.Day:MM-dd} {r.Reporter} {r.Successful} {r.Failed} "
                + string.Join(' ', r.Tallies.Select(t => $"{t.MxHost}/{t.Result}={t.Sessions}"))))];

    [Fact]
    public async Task Sources_are_summed_over_reporters_newest_day_and_most_mails_first()
    {
        await using var store = Open();
        await store.Add(
            Report("1"), [Source("192.0.2.7", 10, 10, "example.com"), Source("198.51.100.1", 5, 0)], default);
        await store.Add(Report("2", reporter: "yahooinc.com"), [Source("198.51.100.1", 30, 1, "esp.test")], default);
        await store.Add(Report("3"), [Source("198.51.100.1", 2, 2, "list.test esp.test")], default);
        await store.Add(Report("4", day: Sunday.AddDays(1)), [Source("192.0.2.7", 1, 1)], default);

        Assert.Equal(
        [
            "03-02 192.0.2.7 1 1 0 google.com",
            "03-01 198.51.100.1 37 3 34 yahooinc.com+google.com esp.test+list.test",
            "03-01 192.0.2.7 10 10 0 google.com example.com",
        ], await Dmarc(store));
    }

    [Fact]
    public async Task A_repeat_changes_nothing_also_after_a_restart()
    {
        await using (var store = Open())
            Assert.Equal(Filing.New, await store.Add(Report("1"), [Source("192.0.2.7", 10, 10)], default));
        await using var again = Open();

        Assert.Equal(Filing.Repeat, await again.Add(Report("1"), [Source("192.0.2.7", 99, 0)], default));

        Assert.Equal(["03-01 192.0.2.7 10 10 0 google.com"], await Dmarc(again));
        // Another reporter's, another kind's and another domain's report of that name are others.
        Assert.Equal(
            Filing.New, await again.Add(Report("1", reporter: "yahooinc.com"), [Source("::1", 1, 1)], default));
        Assert.Equal(Filing.New, await again.Add(Report("1", ReportKind.Tls), [Tally(TlsTally.Success, 1)], default));
        Assert.Equal(Filing.New,
            await again.Add(Report("1") with { About = "news.example.com" }, [Source("192.0.2.7", 1, 1)], default));
    }

    [Fact]
    public async Task What_one_tenant_files_is_no_repeat_for_another_and_not_seen_by_it()
    {
        await using var store = Open();
        await store.Add(Report("1", tenant: "globex"), [Source("192.0.2.7", 99, 0)], default);

        Assert.Equal(Filing.New, await store.Add(Report("1"), [Source("192.0.2.7", 10, 10)], default));

        Assert.Equal(["03-01 192.0.2.7 10 10 0 google.com"], await Dmarc(store));
        Assert.Equal(["03-01 192.0.2.7 99 0 99 google.com"], await Dmarc(store, tenant: "globex"));
    }

    [Fact]
    public async Task Ten_thousand_sources_of_a_day_are_told_apart_and_the_rest_is_counted_together()
    {
        await using var store = Open();
        var most = new ReportStoreBounds().SourcesOfDayMax;
        DmarcDay[] botnet = [.. Enumerable.Range(0, most + 2).Select(i => Source($"10.0.{i / 256}.{i % 256}", 1, 0))];
        await store.Add(Report("1"), botnet, default);
        await store.Add(Report("2"), [Source("192.0.2.7", 5, 5), Source("10.0.0.0", 1, 0)], default);
        await store.Add(Report("3", day: Sunday.AddDays(1)), [Source("192.0.2.7", 5, 5)], default);

        Assert.Equal(
        [
            "03-02 192.0.2.7 5 5 0 google.com", "03-01 10.0.0.0 2 0 2 google.com",
            $"03-01 other {most + 6} 5 {most + 1} google.com",
        ], await Dmarc(store, sources: 1));
        Assert.Equal(most + 1, (await Dmarc(store, sources: most))
            .Count(line => line.StartsWith("03-01", StringComparison.Ordinal)));
        Assert.Contains("03-01 other 7 5 2 google.com", await Dmarc(store, sources: most));
    }

    [Fact]
    public async Task However_many_reporters_there_are_the_rows_of_a_day_are_bounded()
    {
        await using var store = Open(new() { DmarcRowsOfDayMax = 3, TlsRowsOfDayMax = 3 });
        for (var i = 0; i < 6; i++)
        {
            await store.Add(Report("1", reporter: $"r{i}.test"), [Source("192.0.2.7", 1, 1)], default);
            await store.Add(Report("1", ReportKind.Tls, $"r{i}.test"),
                [Tally(TlsTally.Success, 10), Tally("validation-failure", 1)], default);
        }

        Assert.Equal(4, Place.Count("domain-reports.db", "dmarc_rows"));
        Assert.Equal(["03-01 192.0.2.7 3 3 0 r0.test+r1.test+r2.test", "03-01 other 3 3 0 other"], await Dmarc(store));
        Assert.Equal(5, Place.Count("domain-reports.db", "tls_rows"));
        Assert.Equal(
        [
            "03-01 r0.test 10 1 /success=10 mx.example.com/validation-failure=1", "03-01 r1.test 10 0 /success=10",
            "03-01 other 40 5 /success=40 /other=5",
        ], await Tls(store));
        Assert.Equal(["03-01 r0.test 10 1 /success=10 mx.example.com/validation-failure=1", "03-01 other 50 5"],
            (await Tls(store, reporters: 1)).Select(line => line.Split(" /success=4", 2)[0]));
    }

    [Fact]
    public async Task More_reports_of_a_day_than_there_are_reporters_are_refused()
    {
        await using var store = Open(new() { ReportsOfDayMax = 2 });
        await store.Add(Report("1"), [Source("192.0.2.7", 1, 1)], default);
        await store.Add(Report("2"), [Source("192.0.2.7", 1, 1)], default);

        Assert.Equal(Filing.TooMany, await store.Add(Report("3"), [Source("192.0.2.7", 1, 1)], default));
        Assert.Equal(Filing.Repeat, await store.Add(Report("2"), [Source("192.0.2.7", 1, 1)], default));
        Assert.Equal(
            Filing.New, await store.Add(Report("3", day: Sunday.AddDays(1)), [Source("192.0.2.7", 1, 1)], default));
    }

    [Fact]
    public async Task What_is_old_goes_with_the_report_it_came_from()
    {
        await using var store = Open();
        await store.Add(Report("1"), [Source("192.0.2.7", 1, 1)], default);
        await store.Add(Report("2", ReportKind.Tls), [Tally(TlsTally.Success, 1)], default);
        await store.Add(Report("3", day: Sunday.AddDays(1)), [Source("192.0.2.7", 2, 2)], default);

        Assert.Equal(4, await store.Prune(Sunday.AddDays(1), default));

        Assert.Equal(["03-02 192.0.2.7 2 2 0 google.com"], await Dmarc(store));
        Assert.Empty(await Tls(store));
        Assert.Equal(1, Place.Count("domain-reports.db", "reports"));
    }

    [Fact]
    public async Task A_store_that_is_locked_says_so_and_files_nothing()
    {
        await using var store = Open();
        using (Place.Lock("domain-reports.db"))
            await Assert.ThrowsAsync<StoreException>(
                () => store.Add(Report("1"), [Source("192.0.2.7", 1, 1)], default));

        Assert.Equal(Filing.New, await store.Add(Report("1"), [Source("192.0.2.7", 1, 1)], default));
        Assert.Equal(["03-01 192.0.2.7 1 1 0 google.com"], await Dmarc(store));
    }
}

public sealed class ReportStoreOnSqlite() : ReportStoreTests(new SqlitePlace());

public sealed class ReportStoreOnPostgres() : ReportStoreTests(new PostgresPlace());
