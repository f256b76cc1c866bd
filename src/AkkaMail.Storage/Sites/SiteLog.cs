using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Shaping;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Sites;

/// <summary>
/// Which site each domain was counted as, and since when. DNS says what is, never what was: this cannot be made again
/// from the journal, where an attempt names the site it went to but not why.
/// </summary>
public sealed class SiteLog : IAsyncDisposable
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The log of sites";

    /// <summary>Of a domain that changes for ever the newest stay.</summary>
    public const int ChangesOfDomainMax = 100;

    // A node has at most 500 look-ups under way: 10,000 that wait is a disk that has stopped.
    private static readonly WriterBounds Bounds = new(500, 10_000, long.MaxValue, long.MaxValue);
    private readonly Database _db;
    private readonly WriterLoop<SiteSession> _writer;

    public SiteLog(Database database)
    {
        // A second's changes lost with the power are seen again at the next look-up.
        _db = database with { Store = Name, Durability = Durability.Process };
        _db.Migrate(SiteSchema.Schema);
        _writer = new("sites-writer", _db, db => new(db), Bounds);
    }

    /// <summary>True once it is stored, false when the domain was known to be there.</summary>
    public Task<bool> Note(SiteChange change, CancellationToken cancel) =>
        _writer.Run(session => session.Note(change)).WaitAsync(cancel);

    /// <summary>Newest first, at most <see cref="ChangesOfDomainMax"/>.</summary>
    public Task<ImmutableArray<SiteChange>> Of(string domain, CancellationToken cancel) => _db.Query(async db =>
        (await db.GetTable<SiteChangeRow>().Where(r => r.Domain == domain).OrderByDescending(r => r.At).ToListAsync(cancel))
            .Select(r => r.ToChange()).ToImmutableArray());

    /// <summary>Whether a domain has been seen at this site.</summary>
    public Task<bool> Knows(string site, CancellationToken cancel) => _db.Query(db =>
        db.GetTable<SiteChangeRow>().AnyAsync(r => r.Site == site, cancel));

    /// <summary>How far the lanes have been told what came back about their mail; it only moves forward.</summary>
    public Task NotePlace(int partition, long number, CancellationToken cancel) =>
        _writer.Run(session => session.NotePlace(partition, number)).WaitAsync(cancel);

    /// <summary>Core's <c>PlaceOf</c>, of the reactor <c>lanes</c>.</summary>
    public Task<long> PlaceOf(int partition, CancellationToken cancel) => _db.Query(db => db.GetTable<PlaceRow>()
        .Where(p => p.Partition == partition).Select(p => p.SequenceNr).FirstOrDefaultAsync(cancel));

    /// <summary>What was over by then; the site that a domain had then stays, however long it has had it.</summary>
    public Task<long> Prune(DateTimeOffset before, CancellationToken cancel) =>
        _writer.Run(session => session.Prune(before.UtcTicks)).WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _db.CloseReaders();
    }
}

[Table("places")]
internal sealed class PlaceRow
{
    [Column("partition"), PrimaryKey] public int Partition { get; set; }
    [Column("seq")] public long SequenceNr { get; set; }
}

[Table("site_changes")]
internal sealed class SiteChangeRow
{
    [Column("domain"), PrimaryKey(0)] public string Domain { get; set; } = "";
    [Column("at"), PrimaryKey(1)] public long At { get; set; }
    [Column("site")] public string Site { get; set; } = "";
    [Column("provider")] public string? Provider { get; set; }
    [Column("reason")] public string Reason { get; set; } = "";
    [Column("mx_hosts")] public string MxHosts { get; set; } = "";
    [Column("version")] public string Version { get; set; } = "";

    public SiteChange ToChange() => new(Domain, new(At, TimeSpan.Zero), Site, Provider, Reason,
        [.. MxHosts.Split(' ', StringSplitOptions.RemoveEmptyEntries)], Version);
}
