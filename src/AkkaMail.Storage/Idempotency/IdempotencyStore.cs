using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.Idempotency;

/// <summary>
/// Which Idempotency-Key stands for which submissions, for <see cref="Kept"/>; and the reactor <c>idempotency</c> that
/// takes them from the ledgers' events. A ledger forgets a key some time after it hears that it is here.
/// </summary>
public sealed class IdempotencyStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The idempotency keys";

    /// <summary>As the reactor is called.</summary>
    public const string Reactor = "idempotency";

    /// <summary>From its submission on; what is used later is a new key.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // Nobody waits for it, since a ledger remembers: few syncs, beside those that a 202 waits for.
    private static readonly WriterBounds Bounds = new(64, 4_096, long.MaxValue, long.MaxValue)
    {
        Pace = TimeSpan.FromMilliseconds(250),
    };

    private readonly Database _db;
    private readonly TimeProvider _time;
    private readonly WriterLoop<IdempotencySession> _writer;

    public IdempotencyStore(Database database, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        // The power: the ledger's snapshot no longer has what it was told is here, and both must not lose it.
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(IdempotencySchema.Schema);
        _writer = new("idempotency-writer", _db, db => new(db), Bounds);
    }

    /// <summary>It looks nothing up, so it need not wait for a read model that is made anew.</summary>
    public Reactor ToReactor() => new(Reactor, HasKeys, Follow, PlaceOf) { LooksAtMessages = false };

    private DateTimeOffset Since => _time.GetUtcNow() - Kept;

    /// <summary>A key whose time is over need not be written: a file that was lost is full again soon.</summary>
    private bool HasKeys(ILedgerEvent e) =>
        e is SubmissionsAccepted a && a.At > Since && a.Submissions.Any(s => s.Key is not null);

    /// <summary>Core's <c>Follow</c>: the keys and the place behind them in one transaction.</summary>
    public Task Follow(int partition, ImmutableArray<NumberedEvent> events, CancellationToken cancel)
    {
        var since = Since;
        return _writer.Run(session => session.Follow(partition, events, since)).WaitAsync(cancel);
    }

    /// <summary>Core's <c>PlaceOf</c>.</summary>
    public Task<long> PlaceOf(int partition, CancellationToken cancel) => _db.Query(db => db.GetTable<KeyPlaceRow>()
        .Where(p => p.Partition == partition).Select(p => p.SequenceNr).FirstOrDefaultAsync(cancel));

    /// <summary>Null when the key is unknown: never used, or its time is over.</summary>
    public Task<KnownSubmission?> Find(Hash128 key, CancellationToken cancel) => _db.Query(async db =>
    {
        var bytes = key.ToBytes();
        return await db.GetTable<KeyRow>().FirstOrDefaultAsync(k => k.Key == bytes, cancel) is not { } row ? null
            : new KnownSubmission(
                StoredForm.Submission(row.Submission), Hash128.Read(row.Request), StoredForm.Time(row.SendAt))
            { Count = row.Submissions };
    });

    public async Task<long> Prune(DateTimeOffset now, CancellationToken cancel)
    {
        for (long all = 0; ;)
        {
            var some = await _writer.Run(session => session.Prune(now.UtcTicks, PruneMax)).WaitAsync(cancel);
            all += some;
            if (some < PruneMax) return all;
        }
    }

    /// <summary>At once, or others would wait for it.</summary>
    private const int PruneMax = 1_000;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }
}
