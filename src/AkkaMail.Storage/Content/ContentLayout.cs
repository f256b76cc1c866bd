using System.Data.Common;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Storage.Content;

/// <summary>What of contents is one thing in a file and another in a server.</summary>
internal abstract class ContentLayout
{
    public static ContentLayout Of(Database database, TimeProvider time) =>
        database is PostgresDatabase server ? new ContentByDay(server) : new ContentByRow(database, time);

    /// <summary>What a crash left of mails that were never promised goes.</summary>
    public abstract void DropOrphans();

    /// <summary>For the one who writes.</summary>
    public abstract ContentSession Open();

    /// <summary>A body as it is kept.</summary>
    public abstract byte[] Pack(byte[] body);

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public abstract byte[] Unpack(byte[] kept);

    /// <summary>The body of an envelope has an id from the first up to below the second.</summary>
    public abstract (long From, long To) BodiesOf(long envelope);

    /// <summary>
    /// What goes as a whole, of contents that are over <paramref name="now"/> and of envelopes that were before
    /// <paramref name="alone"/>; how many there were.
    /// </summary>
    public abstract long DropDays(DateTimeOffset now, DateTimeOffset alone);
}

/// <summary>In one table each; what is over goes row by row (<see cref="ContentSession.Prune"/>).</summary>
internal sealed class ContentByRow(Database database, TimeProvider time) : ContentLayout
{
    public override void DropOrphans() => Blobs.DropOrphans(database);

    public override ContentSession Open() => new SqliteContentSession(database, time.GetUtcNow());

    public override byte[] Pack(byte[] body) => body;

    public override byte[] Unpack(byte[] kept) => kept;

    public override (long From, long To) BodiesOf(long envelope) => (0, long.MaxValue);

    public override long DropDays(DateTimeOffset now, DateTimeOffset alone) => 0;
}

/// <summary>In partitions by the last day on which they are kept, which their ids begin with.</summary>
internal sealed class ContentByDay(PostgresDatabase database) : ContentLayout
{
    public override void DropOrphans() { }   // They go with their day.

    public override ContentSession Open() => new PostgresContentSession(database);

    public override byte[] Pack(byte[] body) => PackedBytes.Pack(body);

    public override byte[] Unpack(byte[] kept) => PackedBytes.Unpack(kept);

    /// <summary>Of its day: so a plan opens, and locks, one partition and not a month of them.</summary>
    public override (long From, long To) BodiesOf(long envelope) => PostgresContentSession.SameDay(envelope);

    public override long DropDays(DateTimeOffset now, DateTimeOffset alone)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var week = Partitions.MondayOf(DateOnly.FromDateTime(alone.UtcDateTime));
        try
        {
            var first = Partitions.MondayOf(PostgresContentSession.MovedBefore);
            return ContentSchema.ByDay.Sum(table => Partitions.Drop(database, table, first, today))
                + ContentSchema.ByWeek.Sum(table => Partitions.Drop(database, table, first, week));
        }
        catch (DbException e) { throw database.Fault(e); }
    }
}
