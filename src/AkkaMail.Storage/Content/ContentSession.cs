using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Content;

/// <summary>
/// The writer's statements. Prepared ADO commands, not linq2db: each envelope needs the id of its content, so rows go
/// in one by one, and row by row linq2db takes over three times the CPU (Measures in the tests).
/// </summary>
internal sealed class ContentSession : SqliteSession
{
    /// <summary>Ids set aside at once: the mark is a page more in each commit that moves it.</summary>
    private const int IdsAside = 1_000;

    private readonly SqliteCommand _addBody, _addEnvelope, _mark;
    private readonly SqliteCommand _withContent, _leave, _dropBody, _pruneEnvelopes, _erase;
    private readonly RecentContents _recent = new();
    private long _next, _aside;

    public ContentSession(Database database) : base(database)
    {
        _addBody = Prepare("INSERT INTO bodies (body) VALUES ($b) RETURNING content", "$b");
        _addEnvelope = Prepare(
            "INSERT INTO envelopes (id, content, keep_until, body) VALUES ($i, $c, $k, $b)", "$i", "$c", "$k", "$b");
        _mark = Prepare("UPDATE marks SET value = $v WHERE name = 'next_envelope'", "$v");
        _withContent = Prepare("""
            SELECT id, content FROM envelopes WHERE content IS NOT NULL AND keep_until < $now LIMIT $n
            """, "$now", "$n");
        _leave = Prepare("UPDATE envelopes SET content = NULL WHERE id = $i", "$i");
        _dropBody = Prepare("""
            DELETE FROM bodies WHERE content = $c AND NOT EXISTS (SELECT 1 FROM envelopes WHERE content = $c)
            """, "$c");
        _pruneEnvelopes = Prepare("""
            DELETE FROM envelopes WHERE id IN
                (SELECT id FROM envelopes WHERE content IS NULL AND keep_until < $now LIMIT $n)
            """, "$now", "$n");
        _erase = Prepare("DELETE FROM envelopes WHERE id = $i RETURNING content", "$i");
        _next = _aside = (long)Prepare("SELECT value FROM marks WHERE name = 'next_envelope'").ExecuteScalar()!;
    }

    public long Add(ContentHash hash, byte[] content, byte[] envelope, long keepUntil)
    {
        if (!_recent.TryFind(hash, out var stored))
        {
            stored = (long)Bind(_addBody, content).ExecuteScalar()!;
            _recent.Add(hash, stored);
        }
        if (_next == _aside) Bind(_mark, _aside += IdsAside).ExecuteNonQuery();
        Bind(_addEnvelope, _next, stored, keepUntil, envelope).ExecuteNonQuery();
        return _next++;
    }

    /// <summary>
    /// Parts envelopes whose time is over from their contents; a content goes with its last envelope.
    /// </summary>
    public int PruneContents(long now, int max)
    {
        var over = new List<(long Envelope, long Content)>();
        using (var row = Bind(_withContent, now, max).ExecuteReader())
            while (row.Read()) over.Add((row.GetInt64(0), row.GetInt64(1)));
        foreach (var (envelope, content) in over)
        {
            Bind(_leave, envelope).ExecuteNonQuery();
            Drop(content);
        }
        return over.Count;
    }

    public int PruneEnvelopes(long now, int max) => Bind(_pruneEnvelopes, now, max).ExecuteNonQuery();

    /// <summary>The content goes with its last envelope: a body can name people too.</summary>
    public bool Erase(long envelope)
    {
        var content = Bind(_erase, envelope).ExecuteScalar();
        if (content is long id) Drop(id);
        return content is not null;
    }

    private void Drop(long content)
    {
        if (Bind(_dropBody, content).ExecuteNonQuery() > 0) _recent.Clear();   // Its id may come back for another.
    }
}
