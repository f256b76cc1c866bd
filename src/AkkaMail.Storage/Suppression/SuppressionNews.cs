using System.Data.Common;
using System.Diagnostics;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// Brings what other nodes add into this node's filter: each <see cref="Every"/> it reads the entries of transactions that
/// had not ended when it read last. Until it has read all there is, the filter is not believed
/// (<see cref="IsCurrent"/>), and the table is asked for every address.
/// </summary>
internal sealed class SuppressionNews : IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <summary>An entry of another node holds here after this at the latest.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Entries read again as long as a transaction is open that began before them. Beyond that (an import, and a write of
    /// hours beside it) only what lies before that transaction is read.
    /// </summary>
    public const int PendingMax = 10_000;

    /// <summary>
    /// One statement is one snapshot: what is below its xmin and not in it never will be. Entries above it that can be seen
    /// are in it as well, so no other's long transaction holds one back.
    /// </summary>
    private const string Read = """
        SELECT s.xmin::text, e.target FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin) s
        LEFT JOIN entries e ON e.tx >= CAST(@a AS xid8)
        """;

    private readonly Database _db;
    private readonly Action<Hash128> _remember;
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _rounds;
    private string _from;
    private long _read;

    private SuppressionNews(Database db, string from, Action<Hash128> remember)
    {
        (_db, _from, _remember) = (db, from, remember);
        _read = Stopwatch.GetTimestamp();
        // A thread of its own: it blocks, and a blocked pool thread is one the actors miss.
        _rounds = new(Rounds) { IsBackground = true, Name = "suppression-news" };
        _rounds.Start();
    }

    /// <summary>From where to read on, asked before all entries are read.</summary>
    public static string Mark(Database db) =>
        db.Write(connection => (string)connection.Scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")!);

    public static SuppressionNews Begin(Database db, string mark, Action<Hash128> remember) => new(db, mark, remember);

    public bool IsCurrent => Interlocked.Read(ref _read) is var read and not 0 && Stopwatch.GetElapsedTime(read) < Late;

    private void Rounds()
    {
        do
        {
            try { Round(); }
            catch (StoreException) { }   // The filter gets old, and the table is asked, which says what is wrong.
        }
        while (!_stopping.Wait(Every));
    }

    private void Round()
    {
        var began = Stopwatch.GetTimestamp();
        var (found, isAll) = _db.Write(connection => (connection.Read(Row, $"{Read} LIMIT {PendingMax + 1}", _from), true));
        if (found.Count > PendingMax)
            (found, isAll) = (_db.Write(connection => connection.Read(Row, $"{Read} AND e.tx < s.xmin", _from)), false);
        foreach (var (_, target) in found)
            if (target is not null) _remember(Hash128.Read(target));
        _from = found[0].Xmin;
        if (isAll) Interlocked.Exchange(ref _read, began);
    }

    private static (string Xmin, byte[]? Target) Row(DbDataReader row) =>
        (row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1));

    public void Dispose()
    {
        _stopping.Set();
        _rounds.Join();
        _stopping.Dispose();
    }
}
