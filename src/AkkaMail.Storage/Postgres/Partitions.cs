using System.Data.Common;
using System.Globalization;
using AkkaMail.Storage.Databases;
using Npgsql;

namespace AkkaMail.Storage.Postgres;

/// <summary>
/// Ranges of time as tables of their own, called <c>table_20261130</c> by their first day: what is over is dropped, and no
/// row is deleted one by one. Made by whoever meets one that is not there yet.
/// </summary>
internal static class Partitions
{
    private const string DayForm = "yyyyMMdd";

    /// <summary>The day on which its week begins.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    public static string NameOf(string table, DateOnly first) =>
        $"{table}_{first.ToString(DayForm, CultureInfo.InvariantCulture)}";

    /// <summary>
    /// Makes one that holds from <paramref name="from"/> up to below <paramref name="to"/>, both as SQL. In a transaction
    /// of its own, and made apart before it is attached: so it takes no lock on the parent that a reader would wait for.
    /// </summary>
    public static void Ensure(PostgresDatabase database, string table, DateOnly first, string from, string to)
    {
        var part = NameOf(table, first);
        database.Write(connection =>
        {
            if (IsAttached(connection, database.Name, part)) return false;
            connection.Run("SELECT pg_advisory_xact_lock(@a)", PostgresServer.MigrationLock);
            if (IsAttached(connection, database.Name, part)) return false;
            // Who was interrupted in dropping it has left it apart, or half of it in its parent.
            if (Attached(connection, database.Name, part) is true)
                connection.Run($"ALTER TABLE {table} DETACH PARTITION {part} FINALIZE");
            connection.Run($"""
                DROP TABLE IF EXISTS {part};
                CREATE TABLE {part} (LIKE {table} INCLUDING ALL);
                ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({from}) TO ({to})
                """);
            return true;
        });
    }

    /// <summary>Drops those that begin before a day, but not before <paramref name="from"/>; gives how many.</summary>
    public static int Drop(PostgresDatabase database, string table, DateOnly from, DateOnly before) =>
        Drop(database, table, first => first >= from && first < before);

    /// <summary>
    /// Who reads the parent is waited for, at most <see cref="LockTimeout"/>, and waits for nobody. What a round has begun
    /// and not ended (a dump was reading all the while) the next one ends.
    /// </summary>
    public static int Drop(PostgresDatabase database, string table, Func<DateOnly, bool> isOver)
    {
        using var connection = database.Server.OpenForLong();
        connection.Run($"SET lock_timeout = '{(int)LockTimeout.TotalSeconds}s'; SET search_path TO \"{database.Name}\"");
        foreach (var pending in Names(connection, database.Name, table, isPending: true))
            connection.Run($"ALTER TABLE {table} DETACH PARTITION {pending} FINALIZE");
        foreach (var (name, _) in Of(connection, database.Name, table).Where(p => isOver(p.First)))
            connection.Run($"ALTER TABLE {table} DETACH PARTITION {name} CONCURRENTLY");
        var apart = connection.Read(row => row.GetString(0), """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = @a AND c.relkind = 'r' AND NOT c.relispartition
            """, database.Name).Where(name => FirstOf(table, name) is { } first && isOver(first)).ToList();
        foreach (var name in apart) connection.Run($"DROP TABLE {name}");
        return apart.Count;
    }

    internal static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Those that are there; one that an operator has attached under another name is nobody's business here.</summary>
    public static IReadOnlyList<(string Name, DateOnly First)> Of(NpgsqlConnection connection, string schema, string table) =>
        [.. Names(connection, schema, table, isPending: false)
            .Select(name => (Name: name, First: FirstOf(table, name))).Where(p => p.First is not null)
            .Select(p => (p.Name, p.First!.Value))];

    private static DateOnly? FirstOf(string table, string name) =>
        name.StartsWith(table + "_", StringComparison.Ordinal) && DateOnly.TryParseExact(name.AsSpan(table.Length + 1), DayForm,
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) ? first : null;

    private static List<string> Names(DbConnection connection, string schema, string table, bool isPending) =>
        connection.Read(row => row.GetString(0), """
            SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhdetachpending = @c AND i.inhparent = (SELECT p.oid FROM pg_class p
                JOIN pg_namespace n ON n.oid = p.relnamespace WHERE n.nspname = @a AND p.relname = @b)
            """, schema, table, isPending);

    private static bool IsAttached(DbConnection connection, string schema, string part) =>
        Attached(connection, schema, part) is false;

    /// <summary>Whether it is being detached; null: it is no partition at all.</summary>
    private static bool? Attached(DbConnection connection, string schema, string part) => connection.Scalar("""
        SELECT i.inhdetachpending FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = @a AND c.relname = @b
        """, schema, part) as bool?;
}
