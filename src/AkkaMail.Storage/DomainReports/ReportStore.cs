using System.Collections.Immutable;
using AkkaMail.Core.DomainReports;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.DomainReports;

/// <summary>
/// Bounds of one domain and day. Anybody with a domain of their own can send reports about ours; what is over a bound
/// is still counted, under <see cref="FiledReport.Other"/>.
/// </summary>
public sealed record ReportStoreBounds
{
    /// <summary>Addresses told apart. A domain that is forged by a botnet has tens of thousands.</summary>
    public int SourcesOfDayMax { get; init; } = 10_000;

    /// <summary>Rows of DMARC, each an address and a reporter: some 5 MB.</summary>
    public int DmarcRowsOfDayMax { get; init; } = 50_000;

    /// <summary>Rows of TLS, each a reporter, host and result: few report, and of few hosts.</summary>
    public int TlsRowsOfDayMax { get; init; } = 2_000;

    /// <summary>Reports of one kind. A domain known everywhere gets some 500.</summary>
    public int ReportsOfDayMax { get; init; } = 10_000;
}

/// <summary>
/// What receivers report of each domain, as counts by source and day. Nothing else has it, and who sent a report was
/// told that we have it: it stands alone, and is synced.
/// </summary>
public sealed class ReportStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of reports";

    // Who files a report waits for it, and few may do so at once.
    private static readonly WriterBounds Bounds = new(20, 200, long.MaxValue, long.MaxValue);
    private readonly Database _db;
    private readonly WriterLoop<ReportSession> _writer;

    public ReportStore(Database database, ReportStoreBounds? bounds = null)
    {
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(ReportSchema.Schema);
        _writer = new("reports-writer", _db, db => new(db, bounds ?? new()), Bounds);
    }

    /// <summary>Once it is stored, all of it or nothing.</summary>
    public Task<Filing> Add(FiledReport report, IReadOnlyList<DmarcDay> sources, CancellationToken cancel) =>
        _writer.Run(session => session.Add(report, sources)).WaitAsync(cancel);

    public Task<Filing> Add(FiledReport report, IReadOnlyList<TlsTally> tallies, CancellationToken cancel) =>
        _writer.Run(session => session.Add(report, tallies)).WaitAsync(cancel);

    /// <summary>
    /// Newest day first; of each the <paramref name="sourcesMax"/> sources with most mails, and the rest in one.
    /// </summary>
    public Task<ImmutableArray<DmarcFigures>> Dmarc(
        string tenant, string domain, DateOnly from, DateOnly to, int sourcesMax, CancellationToken cancel) =>
        _db.Query(async db =>
        {
            var days = ImmutableArray.CreateBuilder<DmarcFigures>();
            DmarcFold? fold = null;
            var rows = db.GetTable<DmarcSourceRow>().Where(r => r.Tenant == tenant && r.Domain == domain
                && r.Day >= from.DayNumber && r.Day <= to.DayNumber).OrderByDescending(r => r.Day);
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
            {
                if (fold is not null && fold.Day != row.Day) days.Add(fold.ToFigures(sourcesMax));
                if (fold?.Day != row.Day) fold = new(row.Day);
                fold.Add(row);
            }
            if (fold is not null) days.Add(fold.ToFigures(sourcesMax));
            return days.ToImmutable();
        });

    /// <summary>
    /// Newest day first; of each the <paramref name="reportersMax"/> reporters with most sessions, the rest in one.
    /// </summary>
    public Task<ImmutableArray<TlsFigures>> Tls(
        string tenant, string domain, DateOnly from, DateOnly to, int reportersMax, CancellationToken cancel) =>
        _db.Query(async db =>
        {
            var days = ImmutableArray.CreateBuilder<TlsFigures>();
            TlsFold? fold = null;
            var rows = db.GetTable<TlsSessionRow>().Where(r => r.Tenant == tenant && r.Domain == domain
                && r.Day >= from.DayNumber && r.Day <= to.DayNumber).OrderByDescending(r => r.Day);
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
            {
                if (fold is not null && fold.Day != row.Day) days.Add(fold.ToFigures(reportersMax));
                if (fold?.Day != row.Day) fold = new(row.Day);
                fold.Add(row);
            }
            if (fold is not null) days.Add(fold.ToFigures(reportersMax));
            return days.ToImmutable();
        });

    public Task<long> Prune(DateOnly before, CancellationToken cancel) =>
        _writer.Run(session => session.Prune(before.DayNumber)).WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }
}
