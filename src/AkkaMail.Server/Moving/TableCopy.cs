using System.Data.Common;
using AkkaMail.Server.Data;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AkkaMail.Server.Moving;

/// <summary>Rows of a table of a file into the table of the same name and columns of a schema.</summary>
internal static class TableCopy
{
    private sealed record Column(string Name, NpgsqlDbType Type);

    /// <summary>How many were there, and how many are now here.</summary>
    /// <param name="change">A value as it is kept here, of one as it was, by its column.</param>
    public static (long There, long Here) Run(
        DbConnection from, PostgresDatabase to, string table, Func<string, object, object>? change = null)
    {
        using var connection = to.Server.OpenForLong();
        var columns = Columns(connection, to.Name, table);
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        using (var copy = connection.BeginBinaryImport($"COPY {to.Table(table)} ({names}) FROM STDIN (FORMAT BINARY)"))
        {
            using var command = from.CreateCommand();
            command.CommandText = $"SELECT {names} FROM {table}";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                copy.StartRow();
                for (var i = 0; i < columns.Count; i++) Write(copy, columns[i], rows, i, change);
            }
            copy.Complete();
        }
        GoOnBehind(connection, to, table);
        return ((long)from.Scalar($"SELECT count(*) FROM {table}")!, (long)connection.Scalar($"SELECT count(*) FROM {to.Table(table)}")!);
    }

    private static void Write(
        NpgsqlBinaryImporter copy, Column column, DbDataReader row, int i, Func<string, object, object>? change)
    {
        if (row.IsDBNull(i))
        {
            copy.WriteNull();
            return;
        }
        object value = column.Type switch
        {
            NpgsqlDbType.Bytea => row.GetFieldValue<byte[]>(i),
            NpgsqlDbType.Boolean => row.GetInt64(i) != 0,
            NpgsqlDbType.Bigint => row.GetInt64(i),
            NpgsqlDbType.Integer => row.GetInt32(i),
            _ => Commands.Text(row.GetString(i)),
        };
        copy.Write(change is null ? value : change(column.Name, value), column.Type);
    }

    private static List<Column> Columns(DbConnection connection, string schema, string table) => connection.Read(
        row => new Column(row.GetString(0), row.GetString(1) switch
        {
            "bytea" => NpgsqlDbType.Bytea,
            "boolean" => NpgsqlDbType.Boolean,
            "bigint" => NpgsqlDbType.Bigint,
            "integer" => NpgsqlDbType.Integer,
            "text" => NpgsqlDbType.Text,
            var other => throw new NotSupportedException($"no column of type {other} is moved yet"),
        }), """
        SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = @a AND table_name = @b
            AND data_type <> 'xid8'   -- The number of the transaction that writes it here.
        ORDER BY ordinal_position
        """, schema, table);

    /// <summary>What counts by itself goes on behind what came.</summary>
    private static void GoOnBehind(DbConnection connection, PostgresDatabase to, string table)
    {
        foreach (var column in connection.Read(row => row.GetString(0), """
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = @a AND table_name = @b AND is_identity = 'YES'
            """, to.Name, table))
            connection.Run($"""
                SELECT setval(pg_get_serial_sequence('{to.Table(table)}', '{column}'), greatest(max({column}), 1),
                    max({column}) IS NOT NULL) FROM {to.Table(table)}
                """);
    }
}
