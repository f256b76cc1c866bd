using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

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
    private readonly ContentLayout _layout;
    private readonly ContentStoreOptions _options;
    private readonly WriterLoop<ContentSession> _writer;
    private readonly UndeliveredMails _undelivered;
    private readonly Blobs _blobs;

    public ContentStore(Database database, ContentStoreOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new();
        _db = database with { Store = Name, Durability = Durability.Power };
        _db.Migrate(ContentSchema.Schema);
        _layout = ContentLayout.Of(_db, time ?? TimeProvider.System);
        _layout.DropOrphans();
        _undelivered = new(_options.CacheBytesMax);
        var bounds = new WriterBounds(_options.BatchMax, _options.WaitingMax, 16L << 20, _options.WaitingBytesMax)
        {
            Pace = _options.Pace,
        };
        _writer = new("content-writer", _db, _ => _layout.Open(), bounds);
        _blobs = new(_db, _writer);
    }

    public long Commits => _writer.Commits;
    public long CachedBytes => _undelivered.Bytes;

    /// <summary>
    /// Stores a submission of a tenant; gives its envelope id once it is durable. Its large files are read once, and lie
    /// once where the tenant sends the same again that day.
    /// </summary>
    public async Task<long> Write(
        string tenant, MailContent content, SubmissionEnvelope envelope, DateTimeOffset keepUntil, CancellationToken cancel)
    {
        // Here, not in the loop: the one writer has better things to do than to encode.
        var people = EnvelopeCoding.Encode(envelope);
        for (var attempt = 1; ; attempt++)
        {
            var stored = await _blobs.Write(content, tenant, keepUntil, cancel);
            var body = ContentCoding.Encode(stored.Content);
            var hash = ContentHash.Of(body, tenant, keepUntil);
            var kept = _layout.Pack(body);
            try
            {
                if (await _writer
                    .Run(s => s.Add(hash, kept, stored.Blobs, people, keepUntil), kept.Length + people.Bytes)
                    .WaitAsync(cancel) is { } id)
                {
                    _undelivered.Add(id, stored.Content, body.Length, people, envelope.Mails);
                    return id;
                }
            }
            catch
            {
                await _blobs.Drop(stored.Copied);
                throw;
            }
            // One that others had stored was pruned with their mails. Written again it may happen again, but not often.
            await _blobs.Drop(stored.Copied);
            if (attempt == 3) throw _db.Fault("a file of the mail went while it was written", null);
        }
    }

    /// <summary>The mail of a message; null when envelope or content is gone: erased or pruned.</summary>
    public ValueTask<StoredMail?> Read(long envelope, int index, CancellationToken cancel) =>
        Load(envelope, index, isUse: false, cancel);

    /// <summary>
    /// <see cref="Read"/> for the delivery to one recipient. Memory lets go of a mail with the first attempt of its
    /// last recipient: a second attempt comes a quarter of an hour later, and may as well read the file.
    /// </summary>
    public ValueTask<StoredMail?> Take(long envelope, int index, CancellationToken cancel) =>
        Load(envelope, index, isUse: true, cancel);

    private async ValueTask<StoredMail?> Load(long envelope, int index, bool isUse, CancellationToken cancel)
    {
        var removals = _undelivered.Removals;
        if (_undelivered.Find(envelope, UndeliveredMails.Head, isUse) is not { } cached)
        {
            if (await FindMail(envelope, cancel) is not var (mail, bytes)) return null;
            cached = mail;
            if (isUse) _undelivered.Keep(envelope, UndeliveredMails.Head, mail, bytes, removals);
        }
        var (content, head) = (cached.Content!, cached.Envelope);
        if (head.ChunkOf(index) is not { } chunk) return new(content, head.Head);
        if (_undelivered.Find(envelope, chunk, isUse) is not { } part)
        {
            if ((await FindChunks(envelope, [chunk], cancel)).FirstOrDefault() is not { } row) return null;
            part = new(null, new(head.With(chunk, EnvelopeCoding.DecodeChunk(row.Body)), []));
            if (isUse) _undelivered.Keep(envelope, chunk, part, row.Body.Length, removals);
        }
        return new(content, part.Envelope.Head);
    }

    private async Task<(CachedMail Mail, int Bytes)?> FindMail(long envelope, CancellationToken cancel)
    {
        if (await _db.Query(db => Mail(db, envelope).FirstOrDefaultAsync(cancel)) is not { } row) return null;
        var body = _layout.Unpack(row.Body);
        return (new(ContentCoding.Decode(body, _blobs.Of), EnvelopeCoding.DecodeHead(row.Envelope)),
            body.Length + row.Envelope.Length);
    }

    private IQueryable<MailRow> Mail(DataConnection db, long envelope)
    {
        var (first, end) = _layout.BodiesOf(envelope);
        return from e in db.GetTable<EnvelopeRow>()
               join b in db.GetTable<BodyRow>() on e.Content equals b.Content
               where e.Id == envelope && b.Content >= first && b.Content < end
               select new MailRow(e.Body, b.Body);
    }

    private sealed record MailRow(byte[] Envelope, byte[] Body);

    private Task<List<EnvelopeChunkRow>> FindChunks(
        long envelope, IReadOnlyCollection<int> chunks, CancellationToken cancel) =>
        _db.Query(db => db.GetTable<EnvelopeChunkRow>()
            .Where(c => c.Id == envelope && chunks.Contains(c.Chunk)).ToListAsync(cancel));

    /// <summary>Whom a message is for; null when the envelope is gone.</summary>
    public async Task<Mailbox?> FindRecipient(long envelope, int index, CancellationToken cancel) =>
        (await ReadEnvelopes([(envelope, index)], cancel)).GetValueOrDefault((envelope, index))?.Find(index)?.Recipient;

    /// <summary>The envelopes of messages that are still kept, for lists; each has at least its message's mail.</summary>
    public async Task<IReadOnlyDictionary<(long Envelope, int Index), SubmissionEnvelope>> ReadEnvelopes(
        IReadOnlyCollection<(long Envelope, int Index)> messages, CancellationToken cancel)
    {
        var heads = await FindHeads([.. messages.Select(m => m.Envelope).Distinct()], cancel);
        var found = new Dictionary<(long, int), SubmissionEnvelope>();
        foreach (var submission in messages.Distinct().GroupBy(m => m.Envelope))
        {
            if (!heads.TryGetValue(submission.Key, out var head)) continue;
            var chunks = submission.ToLookup(m => head.ChunkOf(m.Index) ?? UndeliveredMails.Head);
            foreach (var message in chunks[UndeliveredMails.Head]) found[message] = head.Head;
            if (head.Chunks.IsEmpty) continue;
            int[] asked = [.. chunks.Select(c => c.Key).Where(c => c != UndeliveredMails.Head)];
            foreach (var row in await FindChunks(submission.Key, asked, cancel))
            {
                if (Readable(() => head.With(row.Chunk, EnvelopeCoding.DecodeChunk(row.Body))) is not { } envelope) continue;
                foreach (var message in chunks[row.Chunk]) found[message] = envelope;
            }
        }
        return found;
    }

    private async Task<Dictionary<long, EnvelopeHead>> FindHeads(IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var found = new Dictionary<long, EnvelopeHead>();
        var missing = new List<long>();
        foreach (var id in ids)
            if (_undelivered.Find(id, UndeliveredMails.Head, isUse: false) is { } cached) found[id] = cached.Envelope;
            else missing.Add(id);
        foreach (var some in missing.Chunk(500))
        {
            var rows = await _db.Query(db =>
                db.GetTable<EnvelopeRow>().Where(e => some.Contains(e.Id)).Select(e => new { e.Id, e.Body })
                    .ToListAsync(cancel));
            foreach (var row in rows)
                if (Readable(() => EnvelopeCoding.DecodeHead(row.Body)) is { } head) found[row.Id] = head;
        }
        return found;
    }

    /// <summary>One row that is damaged, or of a newer program, must not hide all others of a list.</summary>
    private static T? Readable<T>(Func<T> decode) where T : class
    {
        try { return decode(); }
        catch (Exception e) when (e is InvalidDataException or StoreException) { return null; }
    }

    /// <summary>Forgets whom a submission named, and what it said unless another one says the same.</summary>
    public async Task Erase(long envelope, CancellationToken cancel)
    {
        await _writer.Run(session => session.Erase(envelope)).WaitAsync(cancel);
        _undelivered.Remove(envelope);
    }

    /// <summary>
    /// What need not be kept any longer goes, 500 rows a commit, so that writes get in between; or as whole days, whose
    /// number it then tells.
    /// </summary>
    public async Task<long> Prune(DateTimeOffset now, CancellationToken cancel)
    {
        var alone = now - _options.EnvelopeKeptLonger;
        var pruned = await Task.Run(() => _layout.DropDays(now, alone), cancel);
        for (var hasMore = true; hasMore;)
        {
            (var some, hasMore) = await _writer.Run(s => s.Prune(now, alone, PruneMax)).WaitAsync(cancel);
            pruned += some;
        }
        if (pruned > 0) _undelivered.Clear();   // Which of them said what is gone now is not known.
        return pruned;
    }

    /// <summary>How a mail would be read: the tests hold it to one partition.</summary>
    internal async Task<IReadOnlyList<string>> Explain(long envelope)
    {
        var query = _db.QueryNow(db => Mail(db, envelope).ToSqlQuery());
        return await _db.Explain(query.Sql, [.. query.Parameters]);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }
}
