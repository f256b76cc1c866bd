using System.Security.Cryptography;
using AkkaMail.Core.Content;
using AkkaMail.Storage.Sqlite;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Keeps what a mail says (once, by its hash) and whom it names (an envelope each). <see cref="Write"/> completes after
/// the sync. What is locked, full or failing is a <see cref="ContentStoreException"/>; the store recovers by itself.
/// </summary>
public sealed class ContentStore : IAsyncDisposable
{
    private const int PruneMax = 500;
    private readonly SqliteFile _file;
    private readonly DataOptions _readers;
    private readonly ContentStoreOptions _options;
    private readonly WriterLoop<ContentSession> _writer;
    private readonly ByteBoundCache<Cached> _envelopes;
    private readonly ByteBoundCache<MailContent> _contents;   // Apart: many envelopes share one content.
    private long _removals;

    private sealed record Cached(SubmissionEnvelope Envelope, long Content);

    public ContentStore(string path, ContentStoreOptions? options = null)
    {
        _options = options ?? new();
        _file = new(path, "FULL") { PageBytes = 16 * 1024 };   // A page holds three mails of 4 KB, not the half of one.
        _file.Migrate(Schema.Steps);
        _readers = _file.Readers();
        _envelopes = new(_options.CacheBytesMax / 4);
        _contents = new(_options.CacheBytesMax - _options.CacheBytesMax / 4);
        var bounds = new WriterBounds(_options.BatchMax, _options.WaitingMax, 16L << 20, _options.WaitingBytesMax)
        {
            Gather = _options.Gather,
        };
        _writer = new("content-writer", () => new(_file), bounds, Fault);
    }

    public long Commits => _writer.Commits;
    public long CachedBytes => _envelopes.Bytes + _contents.Bytes;

    /// <summary>Stores a submission; gives its envelope id once it is durable.</summary>
    public async Task<long> Write(
        MailContent content, SubmissionEnvelope envelope, DateTimeOffset keepUntil, CancellationToken cancel)
    {
        // Here, not in the loop: the one writer has better things to do than to encode.
        var (body, people) = (ContentCoding.Encode(content), ContentCoding.Encode(envelope));
        var hash = SHA256.HashData(body);
        var (keep, keepEnvelope) = (keepUntil.UtcTicks, (keepUntil + _options.EnvelopeKeptLonger).UtcTicks);
        var (id, stored) = await _writer
            .Run(session => session.Add(hash, body, people, keep, keepEnvelope), body.Length + people.Length)
            .WaitAsync(cancel);
        Remember(id, new(envelope, stored), people.Length);
        _contents.Put(stored, content, 2L * body.Length);
        return id;
    }

    /// <summary>Null when envelope or content is gone: erased or pruned.</summary>
    public async ValueTask<StoredMail?> Read(long envelope, CancellationToken cancel)
    {
        if (_envelopes.TryGet(envelope, out var cached) && _contents.TryGet(cached.Content, out var content))
            return new(content, cached.Envelope);
        var removals = Interlocked.Read(ref _removals);
        var row = await Query(db =>
            (from e in db.GetTable<EnvelopeRow>()
             join b in db.GetTable<BodyRow>() on e.Content equals b.Content
             where e.Id == envelope
             select new { e.Content, Envelope = e.Body, b.Body }).FirstOrDefaultAsync(cancel));
        if (row is null) return null;
        var mail = new StoredMail(ContentCoding.DecodeContent(row.Body), ContentCoding.DecodeEnvelope(row.Envelope));
        Remember(envelope, new(mail.Envelope, row.Content), row.Envelope.Length);
        _contents.Put(row.Content, mail.Content, 2L * row.Body.Length);
        // What was erased while we read must not come back through the cache.
        if (removals != Interlocked.Read(ref _removals)) Forget([envelope], [row.Content]);
        return mail;
    }

    /// <summary>The envelopes that are still kept, for lists.</summary>
    public async Task<IReadOnlyDictionary<long, SubmissionEnvelope>> ReadEnvelopes(
        IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var found = new Dictionary<long, SubmissionEnvelope>();
        var missing = new List<long>();
        foreach (var id in ids.Distinct())
            if (_envelopes.TryGet(id, out var cached)) found[id] = cached.Envelope;
            else missing.Add(id);
        foreach (var chunk in missing.Chunk(500))
        {
            var rows = await Query(db =>
                db.GetTable<EnvelopeRow>().Where(e => chunk.Contains(e.Id)).Select(e => new { e.Id, e.Body })
                    .ToListAsync(cancel));
            foreach (var row in rows) found[row.Id] = ContentCoding.DecodeEnvelope(row.Body);
        }
        return found;
    }

    /// <summary>Forgets whom a submission named, and what it said unless another one says the same.</summary>
    public async Task Erase(long envelope, CancellationToken cancel)
    {
        var content = await _writer.Run(session => session.Erase(envelope)).WaitAsync(cancel);
        Forget([envelope], content is { } id ? [id] : []);
    }

    /// <summary>Deletes what need not be kept any longer, 500 rows a commit, so that writes get in between.</summary>
    public async Task<long> Prune(DateTimeOffset now, CancellationToken cancel)
    {
        for (long pruned = 0; ;)
        {
            var contents = await _writer.Run(s => s.PruneContents(now.UtcTicks, PruneMax)).WaitAsync(cancel);
            var envelopes = await _writer.Run(s => s.PruneEnvelopes(now.UtcTicks, PruneMax)).WaitAsync(cancel);
            Forget(envelopes, contents);
            pruned += contents.Count + envelopes.Count;
            if (contents.Count < PruneMax && envelopes.Count < PruneMax) return pruned;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _file.CloseReaders();
    }

    // In memory text is UTF-16, so up to twice the stored bytes.
    private void Remember(long id, Cached envelope, int bytes) => _envelopes.Put(id, envelope, 2L * bytes);

    private void Forget(IReadOnlyList<long> envelopes, IReadOnlyList<long> contents)
    {
        Interlocked.Increment(ref _removals);
        foreach (var id in envelopes) _envelopes.Remove(id);
        foreach (var id in contents) _contents.Remove(id);
    }

    private async Task<T> Query<T>(Func<DataConnection, Task<T>> query)
    {
        try
        {
            await using var db = new DataConnection(_readers);
            return await query(db);
        }
        catch (SqliteException e) { throw Fault(e.Message, e); }
    }

    private static ContentStoreException Fault(string message, Exception? cause) =>
        new($"Content store: {message}", cause);
}
