using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Tests.Sqlite;

/// <summary>
/// Kept tables as version 0.1 has written them, a row each (0.1-*.sql beside this file), and today's stores on them. A
/// new table gets a row in <see cref="KeptRows"/>; with AKKAMAIL_KEEP_ROWS set, a file that was deleted is recorded anew,
/// which is for what was never released.
/// </summary>
public sealed class RecordedRowsTests : IDisposable
{
    private readonly SqlitePlace _directory = new();

    public static TheoryData<string> Files => [.. KeptRows.Stores.Keys];

    [Theory, MemberData(nameof(Files))]
    public async Task Rows_of_version_0_1_still_read(string file)
    {
        var store = KeptRows.Stores[file];
        var written = _directory.Database("written.db");
        await store.Write(written);
        if (Environment.GetEnvironmentVariable("AKKAMAIL_KEEP_ROWS") is not null && !File.Exists(PathOf(file)))
            File.WriteAllText(PathOf(file), Dump(written));
        var recorded = _directory.Database("recorded.db");
        Execute(recorded, File.ReadAllText(PathOf(file)));

        Assert.Equal(await Text(store, written), await Text(store, recorded));
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Each_kept_table_has_a_recorded_row(string file)
    {
        var store = KeptRows.Stores[file];
        await store.Write(_directory.Database("written.db"));
        var recorded = File.ReadAllText(PathOf(file));

        Assert.All(Tables(_directory.Database("written.db")),
            table => Assert.Contains($"\nINSERT INTO {table} VALUES", recorded, StringComparison.Ordinal));
    }

    private static async Task<string> Text(KeptRows.Store store, Database database) =>
        JsonSerializer.Serialize(await store.Read(database));

    private static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, $"0.1-{file}.sql");

    private static void Execute(Database database, string sql)
    {
        using var connection = database.OpenWriter();
        connection.Run(sql);
    }

    /// <summary>The file as SQL: its tables with their rows, and its version.</summary>
    private static string Dump(Database database)
    {
        using var connection = database.OpenWriter();
        var sql = new StringBuilder();
        foreach (var table in Tables(database))
        {
            foreach (var create in Rows(connection, $"SELECT sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL"))
                sql.Append(create).Append(";\n");
            var columns = Rows(connection, $"SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
            foreach (var row in Rows(connection, $"SELECT {string.Join(" || ', ' || ", columns)} FROM {table}"))
                sql.Append($"INSERT INTO {table} VALUES ({row});\n");
        }
        return sql.Append($"PRAGMA user_version = {Rows(connection, "PRAGMA user_version")[0]};\n").ToString();
    }

    private static List<string> Tables(Database database)
    {
        using var connection = database.OpenWriter();
        return Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    }

    private static List<string> Rows(DbConnection connection, string sql) =>
        connection.Read(row => row.GetValue(0).ToString()!, sql);

    public void Dispose() => _directory.Dispose();
}
