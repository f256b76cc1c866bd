using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Content;

/// <summary>The writer's statements, and what was written lately.</summary>
internal abstract class ContentSession(Database database) : Session(database)
{
    private readonly RecentContents _recent = new(), _recentBlobs = new();

    /// <summary>The envelope's id; null: a blob that the content names has gone meanwhile.</summary>
    public long? Add(
        ContentHash hash, byte[] content, IReadOnlyCollection<long> blobs, EncodedEnvelope envelope,
        DateTimeOffset keepUntil)
    {
        if (!_recent.TryFind(hash, out var stored))
        {
            if (!blobs.All(HasBlob)) return null;
            stored = AddBody(keepUntil, content, blobs);
            _recent.Add(hash, stored);
        }
        return AddEnvelope(stored, keepUntil, envelope);
    }

    /// <summary>A blob with the same octets that was written lately, and is still there.</summary>
    public long? FindBlob(ContentHash hash) => _recentBlobs.TryFind(hash, out var blob) && HasBlob(blob) ? blob : null;

    /// <summary>All of its pieces are there: who says the same finds it.</summary>
    public bool EndBlob(ContentHash hash, long blob)
    {
        _recentBlobs.Add(hash, blob);
        return true;
    }

    /// <summary>A piece of a blob, from 0; the first one gives it an id.</summary>
    public abstract long AddPiece(long? blob, int piece, byte[] octets, DateTimeOffset keepUntil);

    /// <summary>Unless a content names it.</summary>
    public abstract int DropBlob(long blob);

    /// <summary>The content goes with its last envelope: a body can name people too.</summary>
    public abstract bool Erase(long envelope);

    /// <summary>
    /// A commit's part of the rows that need not be kept any longer: contents that are over <paramref name="now"/>, and
    /// envelopes that have none and were before <paramref name="alone"/>.
    /// </summary>
    /// <param name="max">Rows of a kind that go.</param>
    /// <returns>How many went, and whether to ask again.</returns>
    public abstract (int Done, bool HasMore) Prune(DateTimeOffset now, DateTimeOffset alone, int max);

    protected abstract long AddBody(DateTimeOffset keepUntil, byte[] content, IReadOnlyCollection<long> blobs);

    protected abstract long AddEnvelope(long content, DateTimeOffset keepUntil, EncodedEnvelope envelope);

    protected abstract bool HasBlob(long blob);

    /// <summary>A content has gone: none of those that are remembered need be there.</summary>
    protected void Forget() => _recent.Clear();
}
