using System.Data.Common;
using AkkaMail.Core.Ids;

namespace AkkaMail.Storage.Databases;

/// <summary>Statements that are run now and then; their values are <c>@a</c>, <c>@b</c> and so on, in that order.</summary>
public static class Commands
{
    public static int Run(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar();
    }

    public static List<T> Read<T>(
        this DbConnection connection, Func<DbDataReader, T> row, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        return rows;
    }

    /// <summary>
    /// A number is 64 bits wide, whatever it was: PostgreSQL has prepared a statement for the type that came first.
    /// </summary>
    internal static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        int number => (long)number,
        byte number => (long)number,
        string text => Text(text),
        _ => value,
    };

    /// <summary>
    /// What strangers write reaches columns: PostgreSQL takes no NUL in a text and no half of a letter, and one that it
    /// refuses would hold up all behind it.
    /// </summary>
    public static string Text(string text) => WellFormed.Of(text).Replace('\0', '\uFFFD');

    private static DbCommand Command(this DbConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@{(char)('a' + i)}";
            parameter.Value = Value(values[i]);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
