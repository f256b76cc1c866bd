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
            if (IsThere(connection, database.Name, part)) return false;
            connection.Run("SELECT pg_advisory_xact_lock(@a)", PostgresServer.MigrationLock);
            if (IsThere(connection, database.Name, part)) return false;
            connection.Run($"""
                CREATE TABLE {part} (LIKE {table} INCLUDING ALL);
                ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({from}) TO ({to})
                """);
            return true;
        });
    }

    /// <summary>Drops those that begin before a day, but not before <paramref name="from"/>; gives how many.</summary>
    public static int Drop(PostgresDatabase database, string table, DateOnly from, DateOnly before)
    {
        using var connection = database.OpenWriter();
        var old = Of(connection, database.Name, table).Where(p => p.First >= from && p.First < before).ToList();
        foreach (var (name, _) in old)
        {
            // Concurrently: who reads the parent is not waited for, and waits for nobody.
            connection.Run($"ALTER TABLE \"{database.Name}\".{table} DETACH PARTITION \"{database.Name}\".{name} CONCURRENTLY");
            connection.Run($"DROP TABLE \"{database.Name}\".{name}");
        }
        return old.Count;
    }

    public static IReadOnlyList<(string Name, DateOnly First)> Of(NpgsqlConnection connection, string schema, string table) =>
        connection.Read(row => row.GetString(0), """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = (SELECT p.oid FROM pg_class p JOIN pg_namespace n ON n.oid = p.relnamespace
                WHERE n.nspname = @a AND p.relname = @b)
            """, schema, table)
            .Select(name => (name, DateOnly.ParseExact(name[(table.Length + 1)..], DayForm, CultureInfo.InvariantCulture)))
            .ToList();

    private static bool IsThere(System.Data.Common.DbConnection connection, string schema, string part) =>
        connection.Scalar("""
            SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = @a AND c.relname = @b
            """, schema, part) is not null;
}
