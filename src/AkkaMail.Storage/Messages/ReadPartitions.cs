using System.Data.Common;
using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// The read model's partitions: messages by the week in which they were accepted, lines by the day on which they were
/// recorded. What is over goes as a whole; what lives is seen to first.
/// </summary>
internal static class ReadPartitions
{
    private static readonly byte[] Alive = [.. Enum.GetValues<MessageStatus>().Where(s => !s.IsTerminal()).Select(s => (byte)s)];

    /// <summary>By its Monday.</summary>
    public static DateOnly WeekOf(SubmissionId id) => Partitions.MondayOf(DateOnly.FromDateTime(id.CreatedAt.UtcDateTime));

    public static void EnsureWeek(PostgresDatabase database, string table, DateOnly week) => Partitions.Ensure(
        database, table, week, Literal(week), Literal(week.AddDays(7)));

    public static void EnsureDay(PostgresDatabase database, DateOnly day) => Partitions.Ensure(
        database, MessageSchema.ByDay, day, Number(day.DayNumber), Number(day.DayNumber + 1));

    /// <summary>Made beforehand: who needs one in the middle of a batch may wait for who drops another.</summary>
    public static void EnsureNext(PostgresDatabase database, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var day in (DateOnly[])[today, today.AddDays(1)]) EnsureDay(database, day);
        foreach (var table in MessageSchema.ByWeek)
            foreach (var week in (DateOnly[])[Partitions.MondayOf(today), Partitions.MondayOf(today).AddDays(7)]) EnsureWeek(database, table, week);
    }

    /// <summary>
    /// Weeks that are over, and in which nothing lives or has ended so late that its lines are still kept; how many went.
    /// </summary>
    public static long DropMessages(PostgresDatabase database, MessageRetention.Cut cut)
    {
        var last = DateOnly.FromDateTime(cut.Messages.UtcDateTime).AddDays(-7);
        using var connection = database.Server.OpenForLong();
        var living = Living(connection, database, cut.Messages).Select(m => WeekOf(StoredForm.Submission(m.Submission))).ToHashSet();
        var over = Partitions.Of(connection, database.Name, "messages").Where(p => p.First <= last && !living.Contains(p.First)
            && connection.Scalar($"SELECT 1 FROM {database.Table(p.Name)} WHERE updated_at >= @a LIMIT 1",
                cut.Lines.UtcTicks) is null).Select(p => p.First).ToHashSet();
        return Partitions.Drop(database, "messages", over.Contains) + Partitions.Drop(database, "tags", over.Contains);
    }

    /// <summary>Days that are over; lines of what lives move to today first. How many days went.</summary>
    public static long DropLines(PostgresDatabase database, MessageRetention.Cut cut, DateTimeOffset now)
    {
        var first = DateOnly.FromDayNumber(cut.FirstDay);
        using var connection = database.Server.OpenForLong();
        if (Partitions.Of(connection, database.Name, MessageSchema.ByDay).Any(p => p.First < first))
            foreach (var (submission, index) in Living(connection, database, cut.Lines))
                connection.Run($"""
                    UPDATE {database.Table("lines")} SET day = @a WHERE submission = @b AND idx = @c AND day < @d
                    """, DateOnly.FromDateTime(now.UtcDateTime).DayNumber, submission, index, cut.FirstDay);
        return Partitions.Drop(database, MessageSchema.ByDay, DateOnly.MinValue, first);
    }

    public static long DropTold(PostgresDatabase database, DateTimeOffset before) => Partitions.Drop(
        database, "amendments", DateOnly.MinValue, DateOnly.FromDateTime(before.UtcDateTime).AddDays(-6));

    /// <summary>
    /// What was accepted before a time and has not ended. The counters tell whose there is any: so an index finds them.
    /// </summary>
    private static List<(byte[] Submission, long Index)> Living(
        DbConnection connection, PostgresDatabase database, DateTimeOffset before)
    {
        var end = StoredForm.Bytes(SubmissionId.Create(0, before, 0));
        var owners = connection.Read(row => (Tenant: row.GetString(0), Status: row.GetInt64(1)), $"""
            SELECT tenant, status FROM {database.Table("counters")} GROUP BY tenant, status HAVING sum(messages) > 0
            """).Where(o => Alive.Contains((byte)o.Status));
        return [.. owners.SelectMany(owner => connection.Read(row => ((byte[])row.GetValue(0), row.GetInt64(1)), $"""
            SELECT submission, idx FROM {database.Table("messages")} WHERE tenant = @a AND status = @b AND submission < @c
            """, owner.Tenant, owner.Status, end))];
    }

    private static string Literal(DateOnly day) => $"'\\x{Convert.ToHexString(StoredForm.Bytes(
        SubmissionId.Create(0, new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), 0)))}'";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
