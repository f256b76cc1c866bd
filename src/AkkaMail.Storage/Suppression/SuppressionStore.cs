using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// Whom nothing is sent to. Each change is an event, and the entries follow from the events in the same transaction; an
/// undo adds events and removes none. A write completes after the sync.
/// </summary>
public sealed partial class SuppressionStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The suppression lists";

    /// <summary>
    /// Entries in one write: an import of a million is two thousand of them, between which others have a turn.
    /// </summary>
    public const int BatchMax = 500;

    // What it counts as bytes are entries: another node waits for the end of a commit.
    private static readonly WriterBounds Bounds = new(64, 10_000, 2 * BatchMax, long.MaxValue);
    private readonly Database _db;
    private readonly WriterLoop<SuppressionSession> _writer;
    private readonly Lock _filling = new();
    private volatile SuppressionFilter _filter;

    /// <summary>What other nodes add; null: a file has no other.</summary>
    private readonly SuppressionNews? _news;

    public SuppressionStore(Database database)
    {
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(SuppressionSchema.Schema);
        var mark = _db is PostgresDatabase ? SuppressionNews.Mark(_db) : null;
        _filter = Fill();
        _writer = new("suppressions-writer", _db, db => new(db), Bounds);
        if (mark is not null) _news = SuppressionNews.Begin(_db, mark, Remember);
    }

    /// <summary>
    /// For each target the entry in force that covers this stream, or null; an address has two targets, itself and its
    /// domain. Nearly always there is none, and no query.
    /// </summary>
    public async ValueTask<SuppressionEntry?[]> Check(
        string tenant, string stream, IReadOnlyList<(Hash128 Address, Hash128 Domain)> recipients, DateTimeOffset now,
        CancellationToken cancel)
    {
        var found = new SuppressionEntry?[recipients.Count];
        var filter = _filter;
        var isKnown = _news is not { IsCurrent: false };
        List<int>? suspects = null;
        for (var i = 0; i < recipients.Count; i++)
            if (!isKnown || filter.MayHave(recipients[i].Address) || filter.MayHave(recipients[i].Domain)) (suspects ??= []).Add(i);
        if (suspects is null) return found;
        await _db.Query(async db =>
        {
            foreach (var i in suspects)
            {
                var (address, domain) = (recipients[i].Address.ToBytes(), recipients[i].Domain.ToBytes());
                var rows = await db.GetTable<EntryRow>().Where(e => e.Target == address || e.Target == domain)
                    .ToListAsync(cancel);
                // The widest reason is the one to tell.
                found[i] = rows.Select(r => r.ToEntry(null)).Where(e => !e.IsOver(now)
                    && e.What.Key.Covers(tenant, stream)).MinBy(e => e.What.Key.Scope);
            }
            return true;
        });
        return found;
    }

    /// <summary>
    /// At most <see cref="BatchMax"/>; the ids in their order, and how many are new: those in force stay as they are.
    /// </summary>
    public async Task<(ImmutableArray<long> Ids, int New)> Add(
        IReadOnlyCollection<NewSuppression> entries, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Count, BatchMax);
        var added = await Remembered(_writer.Run(session => entries.Select(session.Add).ToImmutableArray(), entries.Count),
            entries.Select(entry => entry.Key.Target)).WaitAsync(cancel);
        return ([.. added.Select(a => a.Id)], added.Count(a => a.IsNew));
    }

    /// <summary>How many were in force. Each is lifted by an event of its own.</summary>
    public Task<int> Lift(
        IReadOnlyCollection<long> ids, string by, string? undo, string? note, DateTimeOffset at,
        CancellationToken cancel) =>
        _writer.Run(session => session.Lift(ids, by, undo, note, at)).WaitAsync(cancel);

    public Task<SuppressionEntry?> Find(long id, CancellationToken cancel) => _db.Query(async db =>
        (await db.GetTable<EntryRow>().Where(e => e.Id == id).WithAddresses(db).FirstOrDefaultAsync(cancel))?.ToEntry());

    /// <summary>What happened to an entry, also to one that is gone, oldest first.</summary>
    public Task<ImmutableArray<SuppressionEvent>> History(long entry, CancellationToken cancel) => _db.Query(async db =>
        (await db.GetTable<EventRow>().Where(e => e.Entry == entry).OrderBy(e => e.Number).ToListAsync(cancel))
            .Select(e => e.ToEvent()).ToImmutableArray());

    /// <summary>
    /// Those that fit, newest first, below number <paramref name="before"/>, at most <paramref name="max"/>.
    /// </summary>
    public Task<ImmutableArray<SuppressionEntry>> List(
        SuppressionQuery query, long? before, int max, CancellationToken cancel) => _db.Query(async db =>
    {
        var rows = await query.Of(db).Where(e => before == null || e.Id < before).OrderByDescending(e => e.Id).Take(max)
            .WithAddresses(db).ToListAsync(cancel);
        return rows.OrderByDescending(r => r.Row.Id).Select(r => r.ToEntry()).ToImmutableArray();
    });

    public Task<long> Count(SuppressionQuery query, CancellationToken cancel) =>
        _db.Query(db => query.Of(db).LongCountAsync(cancel));

    /// <summary>Core's <c>PlaceOf</c>, of the reactor <c>suppressions</c>.</summary>
    public Task<long> PlaceOf(int partition, CancellationToken cancel) => _db.Query(db =>
        db.GetTable<SuppressionOffsetRow>().Where(o => o.Partition == partition).Select(o => o.SequenceNr).FirstOrDefaultAsync(cancel));

    /// <summary>
    /// What follows from a partition's events up to <paramref name="upTo"/>, once: what was looked at is skipped.
    /// </summary>
    internal Task Follow(
        int partition, long upTo, IReadOnlyCollection<NewSuppression> hard, IReadOnlyCollection<SoftFailure> soft,
        CancellationToken cancel)
    {
        var write = _writer.Run(session =>
        {
            if (session.Offset(partition) >= upTo) return false;
            foreach (var entry in hard) session.Add(entry);
            foreach (var failure in soft)
            {
                var (messages, first, last) = session.Count(failure);
                if (!SuppressionPolicy.IsEnough(messages, first, last)) continue;
                session.Add(failure.WhenEnough);
                session.ForgetSoft(failure.Tenant, failure.Target);
            }
            session.SetOffset(partition, upTo);
            return true;
        });
        // One too many costs a query now and then.
        return Remembered(write, hard.Select(entry => entry.Key.Target).Concat(soft.Select(failure => failure.Target)))
            .WaitAsync(cancel);
    }

    /// <summary>
    /// Entries whose time is over go; they had no effect any more. With them go addresses that no other entry names,
    /// failures of long ago and imports that began <see cref="ImportsKept"/> ago; these are not counted.
    /// </summary>
    public Task<int> Prune(DateTimeOffset now, CancellationToken cancel) =>
        _writer.Run(session => session.Prune(now)).WaitAsync(cancel);

    /// <summary>Forgets what a target stands for; its entries stay in force.</summary>
    public Task<bool> Erase(Hash128 target, CancellationToken cancel) =>
        _writer.Run(session => session.Erase(target)).WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        _news?.Dispose();
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }

    /// <summary>Also where nobody waits for the write any more: it is stored, and has to hold.</summary>
    private async Task<T> Remembered<T>(Task<T> write, IEnumerable<Hash128> targets)
    {
        var written = await write;
        foreach (var target in targets) Remember(target);
        return written;
    }

    private void Remember(Hash128 target)
    {
        var filter = _filter;
        filter.Add(target);
        if (!filter.IsFull) return;
        lock (_filling)
            if (_filter.IsFull) _filter = Fill();
        // It may have been made by another, who read the table before this was stored.
        _filter.Add(target);
    }

    /// <summary>All there are.</summary>
    private SuppressionFilter Fill() => _db.QueryNow(db =>
    {
        var filter = new SuppressionFilter(db.GetTable<EntryRow>().LongCount());
        foreach (var target in db.GetTable<EntryRow>().Select(e => e.Target)) filter.Add(Hash128.Read(target));
        return filter;
    });
}
