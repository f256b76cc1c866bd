using AkkaMail.Core.Mail;
using AkkaMail.Storage.Sqlite;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Keeps what a mail says (once, when many say the same) and whom it names (an envelope each). <see cref="Write"/>
/// completes after the sync. What is locked, full or failing is a <see cref="StoreException"/>; the store
/// recovers by itself.
/// </summary>
public sealed class ContentStore : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The content store";

    private const int PruneMax = 500;
    private readonly Database _db;
    private readonly ContentStoreOptions _options;
    private readonly WriterLoop<ContentSession> _writer;
    private readonly ByteBoundCache<StoredMail> _undelivered;   // By envelope.
    private long _removals;

    public ContentStore(Database database, ContentStoreOptions? options = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _options = options ?? new();
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(ContentSchema.Steps);
        _undelivered = new(_options.CacheBytesMax);
        var bounds = new WriterBounds(_options.BatchMax, _options.WaitingMax, 16L << 20, _options.WaitingBytesMax)
        {
            Pace = _options.Pace,
        };
        _writer = new("content-writer", _db, db => new(db, time.GetUtcNow()), bounds);
    }

    public long Commits => _writer.Commits;
    public long CachedBytes => _undelivered.Bytes;

    /// <summary>Stores a submission; gives its envelope id once it is durable.</summary>
    public async Task<long> Write(
        MailContent content, SubmissionEnvelope envelope, DateTimeOffset keepUntil, CancellationToken cancel)
    {
        // Here, not in the loop: the one writer has better things to do than to encode.
        var (body, people) = (ContentCoding.Encode(content), ContentCoding.Encode(envelope));
        var hash = ContentHash.Of(body);
        var id = await _writer
            .Run(session => session.Add(hash, body, people, keepUntil.UtcTicks), body.Length + people.Length)
            .WaitAsync(cancel);
        // In memory text is UTF-16, so up to twice the stored bytes.
        _undelivered.Put(id, new(content, envelope), 2L * (body.Length + people.Length), envelope.Recipients().Count());
        return id;
    }

    /// <summary>Null when envelope or content is gone: erased or pruned.</summary>
    public async ValueTask<StoredMail?> Read(long envelope, CancellationToken cancel) =>
        _undelivered.TryGet(envelope, out var cached) ? cached : (await Find(envelope, cancel))?.Mail;

    /// <summary>
    /// <see cref="Read"/> for the delivery to one recipient. Memory lets go of a mail with the first attempt of its
    /// last recipient: a second attempt comes a quarter of an hour later, and may as well read the file.
    /// </summary>
    public async ValueTask<StoredMail?> Take(long envelope, CancellationToken cancel)
    {
        if (_undelivered.TryUse(envelope, out var cached)) return cached;
        var removals = Interlocked.Read(ref _removals);
        if (await Find(envelope, cancel) is not { } found) return null;
        var others = found.Mail.Envelope.Recipients().Count() - 1;
        if (others > 0) _undelivered.Put(envelope, found.Mail, found.Bytes, others);   // Likely due at the same time.
        // What was erased while we read must not come back through the cache.
        if (removals != Interlocked.Read(ref _removals)) _undelivered.Remove(envelope);
        return found.Mail;
    }

    private async Task<(StoredMail Mail, long Bytes)?> Find(long envelope, CancellationToken cancel)
    {
        var row = await _db.Query(db =>
            (from e in db.GetTable<EnvelopeRow>()
             join b in db.GetTable<BodyRow>() on e.Content equals b.Content
             where e.Id == envelope
             select new { Envelope = e.Body, b.Body }).FirstOrDefaultAsync(cancel));
        if (row is null) return null;
        return (new(ContentCoding.DecodeContent(row.Body), ContentCoding.DecodeEnvelope(row.Envelope)),
            2L * (row.Body.Length + row.Envelope.Length));
    }

    /// <summary>The envelopes that are still kept, for lists.</summary>
    public async Task<IReadOnlyDictionary<long, SubmissionEnvelope>> ReadEnvelopes(
        IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var found = new Dictionary<long, SubmissionEnvelope>();
        var missing = new List<long>();
        foreach (var id in ids.Distinct())
            if (_undelivered.TryGet(id, out var cached)) found[id] = cached.Envelope;
            else missing.Add(id);
        foreach (var chunk in missing.Chunk(500))
        {
            var rows = await _db.Query(db =>
                db.GetTable<EnvelopeRow>().Where(e => chunk.Contains(e.Id)).Select(e => new { e.Id, e.Body })
                    .ToListAsync(cancel));
            foreach (var row in rows) found[row.Id] = ContentCoding.DecodeEnvelope(row.Body);
        }
        return found;
    }

    /// <summary>Forgets whom a submission named, and what it said unless another one says the same.</summary>
    public async Task Erase(long envelope, CancellationToken cancel)
    {
        await _writer.Run(session => session.Erase(envelope)).WaitAsync(cancel);
        Interlocked.Increment(ref _removals);
        _undelivered.Remove(envelope);
    }

    /// <summary>Deletes what need not be kept any longer, 500 rows a commit, so that writes get in between.</summary>
    public async Task<long> Prune(DateTimeOffset now, CancellationToken cancel)
    {
        var alone = now - _options.EnvelopeKeptLonger;
        for (long pruned = 0; ;)
        {
            var contents = await _writer.Run(s => s.PruneContents(now.UtcTicks, PruneMax)).WaitAsync(cancel);
            var envelopes = await _writer.Run(s => s.PruneEnvelopes(alone.UtcTicks, PruneMax)).WaitAsync(cancel);
            if (contents + envelopes > 0)
            {
                Interlocked.Increment(ref _removals);
                _undelivered.Clear();   // Which of them said what is gone now is not known.
            }
            pruned += contents + envelopes;
            if (contents < PruneMax && envelopes < PruneMax) return pruned;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }
}
