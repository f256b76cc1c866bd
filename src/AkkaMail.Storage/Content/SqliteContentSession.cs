using System.Data.Common;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Content;

/// <summary>
/// Row by row. Prepared ADO commands, not linq2db: each envelope needs the id of its content, and row by row linq2db
/// takes over three times the CPU (Measures in the tests).
/// </summary>
internal sealed class SqliteContentSession : ContentSession
{
    /// <summary>Ids set aside at once: the mark is a page more in each commit that moves it.</summary>
    private const int IdsAside = 1_000;

    /// <summary>
    /// Since then a thousand ids a millisecond: nobody writes as many, so no run meets those of another.
    /// </summary>
    private static readonly DateTimeOffset IdsBegan = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DbCommand _addBody, _addEnvelope, _addChunk, _mark, _gone;
    private readonly DbCommand _withContent, _leave, _dropBody, _pruneEnvelopes, _erase, _dropChunks;
    private readonly DbCommand _addPiece, _hasBlob, _useBlob, _dropUses, _dropBlob;
    private long _next, _aside;

    /// <param name="started">
    /// Ids go on with a number made of it. The journal names envelopes for ever: a file that was lost, or that is of an older
    /// copy, must not give one of those ids to a mail for somebody else.
    /// </param>
    public SqliteContentSession(Database database, DateTimeOffset started) : base(database)
    {
        _addBody = Prepare("INSERT INTO bodies (body) VALUES (@b) RETURNING content", "@b");
        _addEnvelope = Prepare(
            "INSERT INTO envelopes (id, content, keep_until, body) VALUES (@i, @c, @k, @b)", "@i", "@c", "@k", "@b");
        _addChunk = Prepare("INSERT INTO envelope_chunks (id, chunk, body) VALUES (@i, @c, @b)", "@i", "@c", "@b");
        _mark = Prepare("UPDATE marks SET value = @v WHERE name = 'next_id'", "@v");
        _withContent = Prepare("""
            SELECT id, content FROM envelopes WHERE content IS NOT NULL AND keep_until < @now LIMIT @n
            """, "@now", "@n");
        _leave = Prepare("UPDATE envelopes SET content = NULL WHERE id = @i", "@i");
        _dropBody = Prepare("""
            DELETE FROM bodies WHERE content = @c AND NOT EXISTS (SELECT 1 FROM envelopes WHERE content = @c)
            """, "@c");
        _pruneEnvelopes = Prepare("""
            DELETE FROM envelopes WHERE id IN
                (SELECT id FROM envelopes WHERE content IS NULL AND keep_until < @now LIMIT @n)
                RETURNING id
            """, "@now", "@n");
        _erase = Prepare("DELETE FROM envelopes WHERE id = @i RETURNING content", "@i");
        _addPiece = Prepare("INSERT INTO blobs (id, piece, octets) VALUES (@i, @p, @o)", "@i", "@p", "@o");
        _hasBlob = Prepare("SELECT 1 FROM blobs WHERE id = @i AND piece = 0", "@i");
        _useBlob = Prepare("INSERT INTO blob_uses (content, blob) VALUES (@c, @b)", "@c", "@b");
        _dropUses = Prepare("DELETE FROM blob_uses WHERE content = @c RETURNING blob", "@c");
        _dropBlob = Prepare("""
            DELETE FROM blobs WHERE id = @b AND NOT EXISTS (SELECT 1 FROM blob_uses WHERE blob = @b)
            """, "@b");
        _dropChunks = Prepare("DELETE FROM envelope_chunks WHERE id = @i", "@i");
        _gone = Prepare("UPDATE marks SET value = max(value, @v) WHERE name = 'gone'", "@v");
        var marked = (long)Prepare("SELECT value FROM marks WHERE name = 'next_id'").ExecuteScalar()!;
        _next = _aside = Math.Max(marked, (started - IdsBegan).Ticks / TimeSpan.TicksPerMillisecond * IdsAside);
    }

    protected override long AddBody(DateTimeOffset keepUntil, byte[] content, IReadOnlyCollection<long> blobs)
    {
        var stored = (long)Bind(_addBody, content).ExecuteScalar()!;
        foreach (var blob in blobs) Bind(_useBlob, stored, blob).ExecuteNonQuery();
        return stored;
    }

    protected override long AddEnvelope(long content, DateTimeOffset keepUntil, EncodedEnvelope envelope)
    {
        var id = NextId();
        Bind(_addEnvelope, id, content, keepUntil.UtcTicks, envelope.Head).ExecuteNonQuery();
        for (var chunk = 0; chunk < envelope.Chunks.Length; chunk++)
            Bind(_addChunk, id, chunk, envelope.Chunks[chunk]).ExecuteNonQuery();
        return id;
    }

    public override long AddPiece(long? blob, int piece, byte[] octets, DateTimeOffset keepUntil)
    {
        var id = blob ?? NextId();
        Bind(_addPiece, id, piece, octets).ExecuteNonQuery();
        return id;
    }

    public override int DropBlob(long blob) => Bind(_dropBlob, blob).ExecuteNonQuery();

    protected override bool HasBlob(long blob) => Bind(_hasBlob, blob).ExecuteScalar() is not null;

    private long NextId()
    {
        if (_next == _aside) Bind(_mark, _aside += IdsAside).ExecuteNonQuery();
        return _next++;
    }

    /// <summary>Pieces of blobs, of 256 KB, that go in one commit: whoever is promised something waits for it.</summary>
    private const int PiecesAtOnce = 64;

    /// <summary>First what they said, then whom they named.</summary>
    public override (int Done, bool HasMore) Prune(DateTimeOffset now, DateTimeOffset alone, int max)
    {
        if (PruneContents(now.UtcTicks, max) is > 0 and var contents) return (contents, true);
        var envelopes = PruneEnvelopes(alone.UtcTicks, max);
        return (envelopes, envelopes == max);
    }

    /// <summary>
    /// Parts envelopes whose time is over from their contents; a content goes with its last envelope.
    /// </summary>
    private int PruneContents(long now, int max)
    {
        var over = new List<(long Envelope, long Content)>();
        using (var row = Bind(_withContent, now, max).ExecuteReader())
            while (row.Read()) over.Add((row.GetInt64(0), row.GetInt64(1)));
        var (done, pieces) = (0, 0);
        for (; done < over.Count && pieces < PiecesAtOnce; done++)
        {
            Bind(_leave, over[done].Envelope).ExecuteNonQuery();
            pieces += Drop(over[done].Content);
        }
        return done;
    }

    private int PruneEnvelopes(long now, int max)
    {
        var gone = new List<long>();
        using (var row = Bind(_pruneEnvelopes, now, max).ExecuteReader())
            while (row.Read()) gone.Add(row.GetInt64(0));
        foreach (var envelope in gone) Bind(_dropChunks, envelope).ExecuteNonQuery();
        if (gone.Count > 0) Bind(_gone, gone.Max()).ExecuteNonQuery();
        return gone.Count;
    }

    public override bool Erase(long envelope)
    {
        var content = Bind(_erase, envelope).ExecuteScalar();
        Bind(_dropChunks, envelope).ExecuteNonQuery();
        Bind(_gone, envelope).ExecuteNonQuery();
        if (content is long id) Drop(id);
        return content is not null;
    }

    /// <summary>How many pieces of blobs went with it.</summary>
    private int Drop(long content)
    {
        if (Bind(_dropBody, content).ExecuteNonQuery() == 0) return 0;
        Forget();   // Its id may come back for another.
        var blobs = new List<long>();
        using (var row = Bind(_dropUses, content).ExecuteReader())
            while (row.Read()) blobs.Add(row.GetInt64(0));
        return blobs.Sum(DropBlob);
    }
}
