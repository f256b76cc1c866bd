using System.Data.Common;
using System.Globalization;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.History;

/// <summary>
/// Which generations of a projection there are: <paramref name="Current"/> is read, <paramref name="Beside"/> is being
/// built, or was read before (<paramref name="WasRead"/>), since <paramref name="Since"/>. <paramref name="Newest"/> is the
/// highest number that was ever given: none is given twice.
/// </summary>
public sealed record GenerationsRow(
    int Current, int? Beside, bool WasRead, DateTimeOffset Since, double Throttle, int Newest)
{
    /// <summary>How long the one that was read before is kept for a way back.</summary>
    public static readonly TimeSpan OldKept = TimeSpan.FromDays(1);

    /// <summary>When it goes by itself; null: there is none, or it is being built.</summary>
    public DateTimeOffset? KeptUntil => Beside is not null && WasRead ? Since + OldKept : null;
}

/// <summary>The generations of projections: which one is read is one row, so that it changes for all at once.</summary>
public sealed partial class HistoryStore
{
    /// <summary>Null: there has never been a second one.</summary>
    public GenerationsRow? Generations(string projection) => _db.Write(connection => Read(connection, projection));

    /// <summary>
    /// Begins another beside the one that is read. Null: there is one already. <paramref name="first"/> is what there is
    /// where nothing has been noted. <paramref name="clear"/> takes away what lies under its number before anybody hears of it:
    /// another node that did would begin to write there.
    /// </summary>
    public GenerationsRow? BeginGeneration(string projection, GenerationsRow first, double throttle, DateTimeOffset now,
        Action<int> clear) => _db.Write(connection =>
    {
        connection.Run("""
            INSERT INTO generations VALUES (@a, @b, NULL, 0, 0, 0, @c) ON CONFLICT (projection) DO NOTHING
            """, projection, first.Current, first.Newest);
        if (connection.Run("""
            UPDATE generations SET newest = newest + 1, beside = newest + 1, was_read = 0, since = @b, throttle = @c
            WHERE projection = @a AND beside IS NULL
            """, projection, now.UtcTicks, throttle) != 1) return null;
        var begun = Read(connection, projection);
        if (begun?.Beside is { } number) clear(number);
        return begun;
    });

    /// <summary>What was beside is read, and the other one is beside. Null: it is not so any more.</summary>
    public GenerationsRow? SwapGenerations(
        string projection, int current, int beside, DateTimeOffset now) => _db.Write(connection => connection.Run("""
        UPDATE generations SET current = beside, beside = current, was_read = 1, since = @d
        WHERE projection = @a AND current = @b AND beside = @c
        """, projection, current, beside, now.UtcTicks) == 1 ? Read(connection, projection) : null);

    /// <summary>There is none beside the one that is read. Null: it is not so any more.</summary>
    public GenerationsRow? EndGeneration(string projection, int beside) => _db.Write(connection => connection.Run(
        "UPDATE generations SET beside = NULL, was_read = 0 WHERE projection = @a AND beside = @b", projection, beside) == 1
        ? Read(connection, projection) : null);

    private static GenerationsRow? Read(DbConnection connection, string projection) => connection.Read(
        row => new GenerationsRow((int)row.GetInt64(0), row.IsDBNull(1) ? null : (int)row.GetInt64(1), row.GetInt64(2) != 0,
            TimeOf(row.GetInt64(3)), Convert.ToDouble(row.GetValue(4), CultureInfo.InvariantCulture), (int)row.GetInt64(5)),
        "SELECT current, beside, was_read, since, throttle, newest FROM generations WHERE projection = @a", projection)
        .FirstOrDefault();
}
