using System.Data.Common;
using AkkaMail.Core.Shaping;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Sites;

/// <summary>The statements of <see cref="SiteLog"/>.</summary>
internal sealed class SiteSession : Session
{
    private readonly DbCommand _last, _add, _trim, _prune, _place;

    public SiteSession(Database database) : base(database)
    {
        _last = Prepare("SELECT at, site FROM site_changes WHERE domain = @d ORDER BY at DESC LIMIT 1", "@d");
        _add = Prepare("INSERT INTO site_changes VALUES (@d, @at, @s, @p, @r, @m, @v)",
            "@d", "@at", "@s", "@p", "@r", "@m", "@v");
        _trim = Prepare("""
            DELETE FROM site_changes WHERE domain = @d AND at <=
                (SELECT at FROM site_changes WHERE domain = @d ORDER BY at DESC LIMIT 1 OFFSET @n)
            """, "@d", "@n");
        _prune = Prepare("""
            DELETE FROM site_changes WHERE at < @at AND EXISTS (SELECT 1 FROM site_changes later
                WHERE later.domain = site_changes.domain AND later.at > site_changes.at AND later.at <= @at)
            """, "@at");
        _place = Prepare("""
            INSERT INTO places VALUES (@p, @s) ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq
                WHERE excluded.seq > places.seq
            """, "@p", "@s");
    }

    /// <summary>False when it was known.</summary>
    public bool Note(SiteChange change)
    {
        if (Last(change.Domain)?.Site == change.Site) return false;
        BeAlone();   // Another node sees the same change at the same time.
        if (Last(change.Domain) is var (at, site))
        {
            if (site == change.Site) return false;
            // A clock that went back must not put the change before what it changed.
            if (at >= change.At.UtcTicks) change = change with { At = new(at + 1, TimeSpan.Zero) };
        }
        Bind(_add, change.Domain, change.At.UtcTicks, change.Site, change.Provider, change.Reason,
            string.Join(' ', change.MxHosts), change.Version).ExecuteNonQuery();
        Bind(_trim, change.Domain, SiteLog.ChangesOfDomainMax).ExecuteNonQuery();
        return true;
    }

    private (long At, string Site)? Last(string domain)
    {
        using var last = Bind(_last, domain).ExecuteReader();
        return last.Read() ? (last.GetInt64(0), last.GetString(1)) : null;
    }

    public bool NotePlace(int partition, long number) => Bind(_place, partition, number).ExecuteNonQuery() >= 0;

    public long Prune(long before) => Bind(_prune, before).ExecuteNonQuery();
}
