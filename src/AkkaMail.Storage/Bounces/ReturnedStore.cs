using System.Collections.Immutable;
using AkkaMail.Core.Bounces;
using AkkaMail.Core.Bounces.Returned;
using AkkaMail.Storage.Sqlite;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Bounces;

/// <summary>
/// Mails that came in: to a return path, a feedback loop, postmaster. Each is on disk before it is answered with 250, and
/// looked at after that; what no rule understands is kept and read again. A write completes after the sync.
/// </summary>
public sealed class ReturnedStore : IAsyncDisposable
{
    /// <summary>Not looked at yet; with more the listener answers 452: who brings it keeps it.</summary>
    public const long WaitingMax = 100_000;

    private const int PruneMax = 500;

    private static readonly WriterBounds Bounds = new(64, 2_000, 32 * 1024 * 1024, 256 * 1024 * 1024);
    private readonly SqliteFile _file;
    private readonly DataOptions _readers;
    private readonly WriterLoop<ReturnedSession> _writer;
    private long _waiting;

    public ReturnedStore(string path)
    {
        _file = new(path, "FULL");
        _file.Migrate(Schema.Steps);
        _readers = _file.Readers();
        _writer = new("returned-writer", () => new(_file), Bounds, Fault);
        using var db = new DataConnection(_readers);
        _waiting = db.GetTable<MailRow>().LongCount(m => m.Outcome == (byte)ReturnedOutcome.Waiting);
    }

    /// <summary>Mails nobody has looked at yet.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Of one mail to several of our addresses each is a mail of its own, all or none.</summary>
    public async Task<ImmutableArray<long>> Add(IReadOnlyCollection<NewReturnedMail> mails, CancellationToken cancel)
    {
        var ids = await _writer.Run(
            session => mails.Select(session.Add).ToImmutableArray(), mails.Sum(m => (long)m.Bytes.Length)).WaitAsync(cancel);
        Interlocked.Add(ref _waiting, ids.Length);
        return ids;
    }

    /// <summary>Those that are due, oldest first.</summary>
    public Task<ImmutableArray<ReturnedMail>> Due(DateTimeOffset now, int max, CancellationToken cancel) => Query(async db =>
        (await db.GetTable<MailRow>().Where(m => m.Outcome == 0 && m.DueAt <= now.UtcTicks).OrderBy(m => m.DueAt)
            .Take(max).ToListAsync(cancel)).Select(m => m.ToMail()).ToImmutableArray());

    public async Task Conclude(IReadOnlyCollection<(long Id, ReturnedReading Reading)> readings, CancellationToken cancel)
    {
        await _writer.Run(session =>
        {
            foreach (var (id, reading) in readings) session.Conclude(id, reading);
            return true;
        }).WaitAsync(cancel);
        Interlocked.Add(ref _waiting, -readings.Count);
    }

    /// <summary>It is looked at again then: something it needs did not answer.</summary>
    public Task Postpone(long id, DateTimeOffset until, string why, CancellationToken cancel) =>
        _writer.Run(session => session.Postpone(id, until, why)).WaitAsync(cancel);

    /// <summary>
    /// Lets what no rule understood be read again by another version of the rules; how many, at most <paramref name="max"/>.
    /// </summary>
    public async Task<int> RereadUnclear(string version, int max, DateTimeOffset now, CancellationToken cancel)
    {
        var count = await _writer.Run(session => session.RereadUnclear(version, max, now)).WaitAsync(cancel);
        Interlocked.Add(ref _waiting, count);
        return count;
    }

    /// <summary>False for one that is waiting already, or that no rule of bounces is about.</summary>
    public async Task<bool> Reread(long id, DateTimeOffset now, CancellationToken cancel)
    {
        var known = await _writer.Run(session => session.Reread(id, now)).WaitAsync(cancel);
        if (known) Interlocked.Increment(ref _waiting);
        return known;
    }

    public Task<ReturnedMail?> Find(long id, CancellationToken cancel) => Query(async db =>
        (await db.GetTable<MailRow>().FirstOrDefaultAsync(m => m.Id == id, cancel))?.ToMail());

    /// <summary>Its octets as they came; null when it is gone.</summary>
    public Task<byte[]?> Body(long id, CancellationToken cancel) => Query(async db =>
    {
        var size = await db.GetTable<MailRow>().Where(m => m.Id == id).Select(m => (long?)m.Size)
            .FirstOrDefaultAsync(cancel);
        var body = await db.GetTable<BodyRow>().FirstOrDefaultAsync(b => b.Id == id, cancel);
        return size is { } s && body is not null ? ReturnedSession.Unpack(body.Bytes, s) : null;
    });

    /// <summary>Newest first, below number <paramref name="before"/>.</summary>
    public Task<ImmutableArray<ReturnedMail>> List(
        ReturnedQuery query, long? before, int max, CancellationToken cancel) => Query(async db =>
    {
        IQueryable<MailRow> rows = db.GetTable<MailRow>();
        if (query.Tenant is { } tenant) rows = rows.Where(m => m.Tenant == tenant);
        if (query.Outcome is { } outcome) rows = rows.Where(m => m.Outcome == (byte)outcome);
        if (query.Door is { } door) rows = rows.Where(m => m.Door == (byte)door);
        if (query.Kind is { } kind) rows = rows.Where(m => m.Kind == (byte)kind);
        if (query.Reporter is { } reporter) rows = rows.Where(m => m.Reporter == reporter);
        if (query.From?.UtcTicks is { } from) rows = rows.Where(m => m.At >= from);
        if (query.To?.UtcTicks is { } to) rows = rows.Where(m => m.At < to);
        if (query.Message is { } message)
        {
            var submission = MailRow.BytesOf(message);
            rows = rows.Where(m => m.Submission == submission && m.Index == message.Index);
        }
        return (await rows.Where(m => before == null || m.Id < before).OrderByDescending(m => m.Id).Take(max)
            .ToListAsync(cancel)).Select(m => m.ToMail()).ToImmutableArray();
    });

    /// <summary>Each loop that has reported since <paramref name="from"/>.</summary>
    public Task<ImmutableArray<LoopFigures>> Loops(DateTimeOffset from, string? tenant, CancellationToken cancel) =>
        Query(async db =>
        {
            var rows = await db.GetTable<MailRow>().Where(m => m.At >= from.UtcTicks
                    && (m.Kind == (byte)BounceKind.Feedback || m.Door == (byte)ReturnDoor.Feedback) && m.Reporter != null
                    && (tenant == null || m.Tenant == tenant))
                .GroupBy(m => new { m.Reporter, m.Outcome, m.FeedbackType })
                .Select(g => new { g.Key, Count = g.LongCount(), Last = g.Max(m => m.At) }).ToListAsync(cancel);
            return rows.GroupBy(r => r.Key.Reporter!).Select(loop => new LoopFigures(
                loop.Key, loop.Sum(r => r.Count),
                loop.Where(r => Recorded(r.Key.Outcome) && r.Key.FeedbackType != "opt-out").Sum(r => r.Count),
                loop.Where(r => Recorded(r.Key.Outcome) && r.Key.FeedbackType == "opt-out").Sum(r => r.Count),
                loop.Where(r => r.Key.Outcome == (byte)ReturnedOutcome.Unattributed).Sum(r => r.Count),
                new(loop.Max(r => r.Last), TimeSpan.Zero))).OrderBy(l => l.Reporter, StringComparer.Ordinal).ToImmutableArray();
        });

    /// <summary>What came before it goes, but for what waits.</summary>
    public async Task<int> Prune(DateTimeOffset before, CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            var some = await _writer.Run(session => session.Prune(before, PruneMax)).WaitAsync(cancel);
            all += some;
            if (some < PruneMax) return all;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _file.CloseReaders();
    }

    private static bool Recorded(byte outcome) => outcome == (byte)ReturnedOutcome.Recorded;

    private async Task<T> Query<T>(Func<DataConnection, Task<T>> query)
    {
        try
        {
            await using var db = new DataConnection(_readers);
            return await query(db);
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    private static ReturnedException Fault(string message, Exception? cause) => new($"Returned mail: {message}", cause);
}
