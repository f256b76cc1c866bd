using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Content;

/// <summary>
/// The writer's statements. Prepared ADO commands, not linq2db: each envelope needs the content id its hash led to, so
/// rows go in one by one, and row by row linq2db takes over three times the CPU (Measures in the tests).
/// </summary>
internal sealed class ContentSession : SqliteSession
{
    private readonly SqliteCommand _findContent, _addContent, _addBody, _keepContent, _addEnvelope, _mark;
    private readonly SqliteCommand _pruneContents, _pruneBody, _pruneEnvelopes, _erase, _orphan;
    private long _next;

    public ContentSession(SqliteFile file) : base(file)
    {
        _findContent = Prepare("SELECT id, keep_until FROM contents WHERE hash = $h", "$h");
        _addContent = Prepare("INSERT INTO contents (hash, keep_until) VALUES ($h, $k) RETURNING id", "$h", "$k");
        _addBody = Prepare("INSERT INTO bodies (content, body) VALUES ($c, $b)", "$c", "$b");
        _keepContent = Prepare("UPDATE contents SET keep_until = $k WHERE id = $c", "$k", "$c");
        _addEnvelope = Prepare(
            "INSERT INTO envelopes (id, content, keep_until, body) VALUES ($i, $c, $k, $b)", "$i", "$c", "$k", "$b");
        _mark = Prepare("UPDATE marks SET value = $v WHERE name = 'next_envelope'", "$v");
        _pruneContents = Prepare("""
            DELETE FROM contents WHERE id IN (SELECT id FROM contents WHERE keep_until < $now LIMIT $n) RETURNING id
            """, "$now", "$n");
        _pruneBody = Prepare("DELETE FROM bodies WHERE content = $c", "$c");
        _pruneEnvelopes = Prepare("""
            DELETE FROM envelopes WHERE id IN (SELECT id FROM envelopes WHERE keep_until < $now LIMIT $n) RETURNING id
            """, "$now", "$n");
        _erase = Prepare("DELETE FROM envelopes WHERE id = $i RETURNING content", "$i");
        _orphan = Prepare("""
            DELETE FROM contents WHERE id = $c AND NOT EXISTS (SELECT 1 FROM envelopes WHERE content = $c)
            """, "$c");
        _next = (long)Prepare("SELECT value FROM marks WHERE name = 'next_envelope'").ExecuteScalar()!;
    }

    public override void Commit()
    {
        Bind(_mark, _next).ExecuteNonQuery();
        base.Commit();
    }

    public (long Envelope, long Content) Add(byte[] hash, byte[] content, byte[] envelope, long keep, long keepEnvelope)
    {
        var stored = FindOrAdd(hash, content, keep);
        var id = _next++;
        Bind(_addEnvelope, id, stored, keepEnvelope, envelope).ExecuteNonQuery();
        return (id, stored);
    }

    private long FindOrAdd(byte[] hash, byte[] content, long keep)
    {
        using (var row = Bind(_findContent, hash).ExecuteReader())
            if (row.Read())
            {
                var (id, kept) = (row.GetInt64(0), row.GetInt64(1));
                row.Close();
                if (kept < keep) Bind(_keepContent, keep, id).ExecuteNonQuery();
                return id;
            }
        var added = (long)Bind(_addContent, hash, keep).ExecuteScalar()!;
        Bind(_addBody, added, content).ExecuteNonQuery();
        return added;
    }

    public List<long> PruneContents(long now, int max)
    {
        var ids = Ids(Bind(_pruneContents, now, max));
        foreach (var id in ids) Bind(_pruneBody, id).ExecuteNonQuery();
        return ids;
    }

    public List<long> PruneEnvelopes(long now, int max) => Ids(Bind(_pruneEnvelopes, now, max));

    /// <summary>
    /// The content goes with its last envelope: a body can name people too. Gives the content's id then.
    /// </summary>
    public long? Erase(long envelope)
    {
        if (Bind(_erase, envelope).ExecuteScalar() is not long content) return null;
        if (Bind(_orphan, content).ExecuteNonQuery() == 0) return null;
        Bind(_pruneBody, content).ExecuteNonQuery();
        return content;
    }

    private static List<long> Ids(SqliteCommand command)
    {
        var ids = new List<long>();
        using var row = command.ExecuteReader();
        while (row.Read()) ids.Add(row.GetInt64(0));
        return ids;
    }
}
