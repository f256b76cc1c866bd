using System.Collections.Immutable;
using AkkaMail.Core.Inbound;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AkkaMail.Storage.Inbound;

/// <summary>
/// Mails that came in: to a return path, a feedback loop, postmaster. Each is on disk before it is answered with 250,
/// and looked at after that; what no rule understands is kept and read again. A write completes after the sync.
/// </summary>
public sealed class InboundStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of what came in";

    /// <summary>
    /// Not looked at yet, to return paths; with more the listener answers 452: who brings it keeps it.
    /// </summary>
    public const long WaitingMax = 100_000;

    /// <summary>
    /// Not looked at yet, to addresses that anybody can write to: strangers must not shut out bounces.
    /// </summary>
    public const long WaitingOpenMax = 10_000;

    private const int PruneMax = 500;

    private static readonly WriterBounds Bounds = new(64, 2_000, 32 * 1024 * 1024, 256 * 1024 * 1024);
    private readonly Database _db;
    private readonly WriterLoop<InboundSession> _writer;
    private readonly long _bytesMax;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _telling = new();
    private readonly Task _following = Task.CompletedTask;
    private volatile InboundSums _sums;

    /// <summary>What other nodes have stored is known after this.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <param name="bytesMax">Octets of all mails as they are stored; over half of it only return paths take
    /// more.</param>
    public InboundStore(Database database, long bytesMax)
    {
        _bytesMax = bytesMax;
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(InboundSchema.Schema);
        if (_db.QueryNow(db => !db.GetTable<InboundSumsRow>().Any()))
            _db.Write(connection => connection.Run(InboundSums.Begin));
        _sums = _db.QueryNow(db => db.GetTable<InboundSumsRow>().First()).ToSums();
        _writer = new("returned-writer", _db, db => new(db, Told), Bounds);
        if (_db is PostgresDatabase) _following = Follow(_stopping.Token);
    }

    /// <summary>Mails nobody has looked at yet; of those that other nodes took, as of a few seconds ago.</summary>
    public long Waiting => _sums.WaitingSealed + _sums.WaitingOpen;

    /// <summary>Whether there is room for one more at this door.</summary>
    public bool HasRoom(ReturnDoor door) => door == ReturnDoor.ReturnPath
        ? _sums.WaitingSealed < WaitingMax && _sums.Bytes < _bytesMax
        : _sums.WaitingOpen < WaitingOpenMax && _sums.Bytes < _bytesMax / 2;

    /// <summary>One mail, with a row for each of our addresses it is for.</summary>
    public Task<ImmutableArray<long>> Add(IReadOnlyCollection<NewInboundMail> mails, CancellationToken cancel) =>
        _writer.Run(session => session.Add(mails), mails.First().Bytes.Length).WaitAsync(cancel);

    /// <summary>Those of some doors that are due, oldest first.</summary>
    public Task<ImmutableArray<InboundMail>> Due(
        IReadOnlyCollection<ReturnDoor> doors, DateTimeOffset now, int max, CancellationToken cancel) =>
        _db.Query(async db =>
    {
        var some = doors.Select(d => (byte)d).ToList();
        return (await db.GetTable<InboundMailRow>().Where(m => m.Outcome == 0 && some.Contains(m.Door) && m.DueAt <= now.UtcTicks)
            .OrderBy(m => m.DueAt).Take(max).ToListAsync(cancel)).Select(m => m.ToMail()).ToImmutableArray();
    });

    /// <summary>False: it does not wait any more.</summary>
    public Task<bool> Conclude(InboundMail mail, InboundReading reading, CancellationToken cancel) =>
        _writer.Run(session => session.Conclude(mail.Id, reading)).WaitAsync(cancel);

    /// <summary>It is looked at again then: something it needs did not answer.</summary>
    public Task Postpone(long id, DateTimeOffset until, string why, CancellationToken cancel) =>
        _writer.Run(session => session.Postpone(id, until, why)).WaitAsync(cancel);

    /// <summary>
    /// Lets what no rule understood be read again by another version of the rules; how many, at most
    /// <paramref name="max"/>.
    /// </summary>
    public Task<int> RereadUnclear(string version, int max, DateTimeOffset now, CancellationToken cancel) =>
        _writer.Run(session => session.RereadUnclear(version, max, now)).WaitAsync(cancel);

    /// <summary>False for one that is waiting already, or that no rule of bounces is about.</summary>
    public Task<bool> Reread(InboundMail mail, DateTimeOffset now, CancellationToken cancel) =>
        _writer.Run(session => session.Reread(mail.Id, now)).WaitAsync(cancel);

    public Task<InboundMail?> Find(long id, CancellationToken cancel) => _db.Query(async db =>
        (await db.GetTable<InboundMailRow>().FirstOrDefaultAsync(m => m.Id == id, cancel))?.ToMail());

    /// <summary>
    /// Its octets as they came; null when it is gone. <see cref="InvalidDataException"/>: what is stored is no mail any
    /// more.
    /// </summary>
    public Task<byte[]?> Body(long id, CancellationToken cancel) => _db.Query(async db =>
    {
        var row = await (from m in db.GetTable<InboundMailRow>()
                         from b in db.GetTable<InboundBodyRow>().Where(b => b.Id == m.Body)
                         where m.Id == id
                         select new { m.Size, b.Bytes }).FirstOrDefaultAsync(cancel);
        return row is null ? null : InboundSession.Unpack(row.Bytes, row.Size);
    });

    /// <summary>Newest first, below number <paramref name="before"/>.</summary>
    public Task<ImmutableArray<InboundMail>> List(
        InboundQuery query, long? before, int max, CancellationToken cancel) => _db.Query(async db =>
    {
        IQueryable<InboundMailRow> rows = db.GetTable<InboundMailRow>();
        if (query.Tenant is { } tenant) rows = rows.Where(m => m.Tenant == tenant);
        if (query.Outcome is { } outcome) rows = rows.Where(m => m.Outcome == (byte)outcome);
        if (query.Door is { } door) rows = rows.Where(m => m.Door == (byte)door);
        if (query.Kind is { } kind) rows = rows.Where(m => m.Kind == (byte)kind);
        if (query.Reporter is { } reporter) rows = rows.Where(m => m.Reporter == reporter);
        if (query.From?.UtcTicks is { } from) rows = rows.Where(m => m.At >= from);
        if (query.To?.UtcTicks is { } to) rows = rows.Where(m => m.At < to);
        if (query.Message is { } message)
        {
            var submission = InboundMailRow.BytesOf(message);
            rows = rows.Where(m => m.Submission == submission && m.Index == message.Index);
        }
        return (await rows.Where(m => before == null || m.Id < before).OrderByDescending(m => m.Id).Take(max)
            .ToListAsync(cancel)).Select(m => m.ToMail()).ToImmutableArray();
    });

    public const int LoopsMax = 500;

    /// <summary>Who reports without a name that anybody vouches for.</summary>
    public const string Unverified = "(unverified)";

    /// <summary>
    /// Each loop that has reported since <paramref name="from"/>, at most <see cref="LoopsMax"/>: those our addresses
    /// name, and reporters that DNS vouches for. All others are one, since anybody can call himself anything.
    /// </summary>
    public Task<ImmutableArray<LoopFigures>> Loops(DateTimeOffset from, string? tenant, CancellationToken cancel) =>
        _db.Query(async db =>
        {
            var rows = await db.GetTable<InboundMailRow>().Where(m => m.Door == (byte)ReturnDoor.Feedback
                    && m.At >= from.UtcTicks && m.Outcome != 0 && (tenant == null || m.Tenant == tenant))
                .Select(m => new { Name = m.Loop ?? (m.IsVerified ? m.Reporter : null), m.Outcome, m.FeedbackType, m.At })
                .GroupBy(m => new { m.Name, m.Outcome, m.FeedbackType })
                .Select(g => new { g.Key, Count = g.LongCount(), Last = g.Max(m => m.At) })
                .OrderByDescending(g => g.Count).Take(LoopsMax * 10).ToListAsync(cancel);
            return rows.GroupBy(r => r.Key.Name ?? Unverified).Take(LoopsMax).Select(loop => new LoopFigures(
                loop.Key, loop.Sum(r => r.Count),
                loop.Where(r => Recorded(r.Key.Outcome) && r.Key.FeedbackType != "opt-out").Sum(r => r.Count),
                loop.Where(r => Recorded(r.Key.Outcome) && r.Key.FeedbackType == "opt-out").Sum(r => r.Count),
                loop.Where(r => r.Key.Outcome == (byte)InboundOutcome.Unattributed).Sum(r => r.Count),
                new(loop.Max(r => r.Last), TimeSpan.Zero))).OrderBy(l => l.Reporter, StringComparer.Ordinal)
                .ToImmutableArray();
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
        await _stopping.CancelAsync();
        await _following;
        await _writer.DisposeAsync();
        _stopping.Dispose();
        _db.CloseReaders();
    }

    private void Told(InboundSums sums)
    {
        lock (_telling)
            if (sums.Changes > _sums.Changes) _sums = sums;
    }

    /// <summary>What other nodes store and conclude. A database that does not answer takes no mail either.</summary>
    private async Task Follow(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                try { Told((await _db.Query(db => db.GetTable<InboundSumsRow>().FirstAsync(stopping))).ToSums()); }
                catch (StoreException) { }
        }
        catch (OperationCanceledException) { }
    }

    private static bool Recorded(byte outcome) => outcome == (byte)InboundOutcome.Recorded;
}
