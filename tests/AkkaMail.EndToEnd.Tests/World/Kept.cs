using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>What a server keeps, looked at and changed beside it: files, and the tables of its database.</summary>
internal static class Kept
{
    /// <summary>
    /// Each file of the data directory and each table of the database, by <c>schema.table</c>, with all octets in it.
    /// </summary>
    public static IEnumerable<(string Name, byte[] Octets)> Places(this Installation of)
    {
        foreach (var file in Directory.EnumerateFiles(of.Directory, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == "lock") continue;   // Empty, and nobody else's while the server runs.
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var octets = new byte[stream.Length];
            stream.ReadExactly(octets);
            yield return (Path.GetRelativePath(of.Directory, file), octets);
        }
        if (of.Database is not { } database) yield break;
        using var connection = Open(database);
        foreach (var table in Tables(connection)) yield return (table, OctetsOf(connection, table));
    }

    /// <summary>Those in which it stands, in one of the ways in which octets write text.</summary>
    public static List<string> PlacesWith(
        this Installation of, string word, StringComparison comparison = StringComparison.Ordinal) =>
        [.. of.Places().Where(p => Encoding.Latin1.GetString(p.Octets).Contains(word, comparison)
            || Encoding.Unicode.GetString(p.Octets).Contains(word, comparison)).Select(p => p.Name)];

    /// <summary>A statement in a store, called as its file is without the end; how many rows it changed.</summary>
    /// <param name="value">Is <c>@value</c> there.</param>
    public static async Task<int> Change(this Installation of, string store, string sql, byte[]? value = null)
    {
        await using DbConnection connection = of.Database is { } database ? Open(database, store)
            : new SqliteConnection($"Data Source={Path.Combine(of.Directory, store + ".db")};Pooling=False");
        if (of.Database is null) await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@value", value);
            command.Parameters.Add(parameter);
        }
        return await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlConnection Open(string database, string? schema = null)
    {
        var text = new NpgsqlConnectionStringBuilder(database) { Pooling = false, SearchPath = schema };
        var connection = new NpgsqlConnection(text.ConnectionString);
        connection.Open();
        return connection;
    }

    private static List<string> Tables(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("""
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            """, connection);
        using var rows = command.ExecuteReader();
        var tables = new List<string>();
        while (rows.Read()) tables.Add(rows.GetString(0));
        return tables;
    }

    private static byte[] OctetsOf(NpgsqlConnection connection, string table)
    {
        using var command = new NpgsqlCommand($"SELECT * FROM {table}", connection);
        using var rows = command.ExecuteReader();
        using var all = new MemoryStream();
        while (rows.Read())
            for (var i = 0; i < rows.FieldCount; i++)
            {
                if (rows.GetValue(i) is byte[] octets) all.Write(octets);
                else if (!rows.IsDBNull(i)) all.Write(Encoding.UTF8.GetBytes(rows.GetValue(i).ToString()!));
                all.WriteByte(0);
            }
        return all.ToArray();
    }
}
