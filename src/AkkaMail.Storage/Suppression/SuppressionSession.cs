using System.Data.Common;
using System.Text.Json;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Suppression;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// A message that failed softly, to be counted for its address; what failed before <paramref name="Delivered"/>, the
/// last delivery there, counts no more.
/// </summary>
internal sealed record SoftFailure(
    string Tenant, Hash128 Target, MessageId Message, DateTimeOffset At, DateTimeOffset? Delivered,
    NewSuppression WhenEnough);

/// <summary>The statements of <see cref="SuppressionStore"/>; each call is part of one transaction.</summary>
internal sealed class SuppressionSession : Session
{
    private readonly DbCommand _find, _event, _entry, _address, _delete, _name, _offset, _setOffset, _soft, _softOf,
        _healed, _forgetSoft, _prune, _pruneSoft, _drop, _erase, _import, _pruneImports;

    public SuppressionSession(Database database) : base(database)
    {
        _find = Prepare("""
            SELECT id, expires_at FROM entries WHERE target = @k AND scope = @s AND tenant = @t AND stream = @m
            """, "@k", "@s", "@t", "@m");
        _event = Prepare("""
            INSERT INTO events (at, lifted, entry, by, undo, note, detail) VALUES (@a, @l, @e, @b, @u, @n, @d)
            RETURNING number
            """, "@a", "@l", "@e", "@b", "@u", "@n", "@d");
        _entry = Prepare("""
            INSERT INTO entries (id, target, scope, tenant, stream, origin, reason, rule, version, cause, source, site, reply,
                note, by, at, expires_at) VALUES (@i, @k, @s, @t, @m, @o, @re, @ru, @v, @c, @so, @si, @rp, @n, @b, @a, @x)
            """, "@i", "@k", "@s", "@t", "@m", "@o", "@re", "@ru", "@v", "@c", "@so", "@si", "@rp", "@n", "@b", "@a", "@x");
        _address = Prepare("INSERT INTO addresses VALUES (@k, @a) ON CONFLICT DO NOTHING", "@k", "@a");
        _delete = Prepare("DELETE FROM entries WHERE id = @i RETURNING target", "@i");
        _name = Prepare("UPDATE events SET entry = @e WHERE number = @e", "@e");
        _offset = Prepare("SELECT seq FROM offsets WHERE partition = @p", "@p");
        _setOffset = Prepare(
            "INSERT INTO offsets VALUES (@p, @s) ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq", "@p", "@s");
        _soft = Prepare("""
            INSERT INTO softs VALUES (@t, @k, @m, @a) ON CONFLICT DO NOTHING
            """, "@t", "@k", "@m", "@a");
        _softOf = Prepare("SELECT count(*), min(at), max(at) FROM softs WHERE tenant = @t AND target = @k", "@t", "@k");
        _healed = Prepare("DELETE FROM softs WHERE tenant = @t AND target = @k AND at <= @d", "@t", "@k", "@d");
        _forgetSoft = Prepare("DELETE FROM softs WHERE tenant = @t AND target = @k", "@t", "@k");
        _prune = Prepare("DELETE FROM entries WHERE expires_at <= @now RETURNING target", "@now");
        _pruneSoft = Prepare("DELETE FROM softs WHERE at < @a", "@a");
        _drop = Prepare("""
            DELETE FROM addresses WHERE target = @k AND NOT EXISTS (SELECT 1 FROM entries WHERE target = @k)
            """, "@k");
        _erase = Prepare("DELETE FROM addresses WHERE target = @k", "@k");
        _import = Prepare("""
            INSERT INTO imports (id, tenant, started_at, seen_at, ended_at, problem, lines, added, known, faulty, faults)
            VALUES (@i, @t, @s, @se, @e, @p, @l, @a, @k, @f, @fs)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, ended_at = excluded.ended_at,
                problem = excluded.problem, lines = excluded.lines, added = excluded.added, known = excluded.known,
                faulty = excluded.faulty, faults = excluded.faults
            """, "@i", "@t", "@s", "@se", "@e", "@p", "@l", "@a", "@k", "@f", "@fs");
        _pruneImports = Prepare("DELETE FROM imports WHERE started_at < @a", "@a");
    }

    /// <summary>
    /// Nobody else writes meanwhile: entries and places are looked at first, and of a ledger that moves two nodes may have
    /// the same events.
    /// </summary>
    public override void Begin()
    {
        base.Begin();
        BeAlone();
    }

    /// <summary>
    /// The entry's id, and whether it is new: one that is in force stays as it is, with its own cause.
    /// </summary>
    public (long Id, bool IsNew) Add(NewSuppression n)
    {
        var (key, target) = (n.Key, n.Key.Target.ToBytes());
        using (var found = Bind(_find, target, (byte)key.Scope, key.Tenant, key.Stream).ExecuteReader())
            if (found.Read())
            {
                var id = found.GetInt64(0);
                if (found.IsDBNull(1) || found.GetInt64(1) > n.At.UtcTicks) return (id, false);
                found.Close();
                Bind(_delete, id).ExecuteNonQuery();
            }
        var number = (long)Bind(_event, n.At.UtcTicks, false, 0, n.By, null, n.Note,
            JsonSerializer.Serialize(AddedDetail.Of(n), SuppressionDetailJson.Default.AddedDetail)).ExecuteScalar()!;
        Bind(_name, number).ExecuteNonQuery();   // An entry is called by the event that made it.
        Bind(_entry, number, target, (byte)key.Scope, key.Tenant, key.Stream, (byte)n.Origin, n.Why.Reason, n.Why.Rule,
            n.Why.Version, n.Why.Cause, n.Why.Source, n.Why.Site, n.Why.Reply, n.Note, n.By, n.At.UtcTicks,
            n.ExpiresAt?.UtcTicks).ExecuteNonQuery();
        if (n.Address is { } address) Bind(_address, target, address).ExecuteNonQuery();
        return (number, true);
    }

    /// <summary>How many of them were in force.</summary>
    public int Lift(IEnumerable<long> ids, string by, string? undo, string? note, DateTimeOffset at)
    {
        var count = 0;
        foreach (var id in ids)
        {
            if (Bind(_delete, id).ExecuteScalar() is not byte[] target) continue;
            Bind(_drop, target).ExecuteNonQuery();
            Bind(_event, at.UtcTicks, true, id, by, undo, note, null).ExecuteScalar();
            count++;
        }
        return count;
    }

    public long Offset(int partition) => Bind(_offset, partition).ExecuteScalar() as long? ?? 0;

    public void SetOffset(int partition, long number) => Bind(_setOffset, partition, number).ExecuteNonQuery();

    /// <summary>
    /// Counts its message, however often it is told to have failed; how many there are now, since when and until when.
    /// </summary>
    public (int Messages, DateTimeOffset First, DateTimeOffset Last) Count(SoftFailure soft)
    {
        var target = soft.Target.ToBytes();
        if (soft.Delivered is { } delivered) Bind(_healed, soft.Tenant, target, delivered.UtcTicks).ExecuteNonQuery();
        Bind(_soft, soft.Tenant, target, soft.Message.ToString(), soft.At.UtcTicks).ExecuteNonQuery();
        using var row = Bind(_softOf, soft.Tenant, target).ExecuteReader();
        row.Read();
        return (row.GetInt32(0), new(row.GetInt64(1), TimeSpan.Zero), new(row.GetInt64(2), TimeSpan.Zero));
    }

    public void ForgetSoft(string tenant, Hash128 target) => Bind(_forgetSoft, tenant, target.ToBytes()).ExecuteNonQuery();

    public int Prune(DateTimeOffset now)
    {
        var gone = new List<byte[]>();
        using (var entries = Bind(_prune, now.UtcTicks).ExecuteReader())
            while (entries.Read()) gone.Add((byte[])entries.GetValue(0));
        foreach (var target in gone) Bind(_drop, target).ExecuteNonQuery();
        Bind(_pruneImports, (now - SuppressionStore.ImportsKept).UtcTicks).ExecuteNonQuery();
        Bind(_pruneSoft, (now - SuppressionPolicy.SoftKept).UtcTicks).ExecuteNonQuery();
        return gone.Count;
    }

    public bool Note(ImportRow i) => Bind(_import, i.Id, i.Tenant, i.StartedAt, i.SeenAt, i.EndedAt, i.Problem, i.Lines, i.Added,
        i.Known, i.Faulty, i.Faults).ExecuteNonQuery() > 0;

    public bool Erase(Hash128 target) => Bind(_erase, target.ToBytes()).ExecuteNonQuery() > 0;
}
