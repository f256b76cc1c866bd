using AkkaMail.Storage.Databases;
using Npgsql;
using NpgsqlTypes;

namespace AkkaMail.Storage.Postgres;

/// <summary>
/// Rows on their way into one statement, as an array for each column: one round trip and one plan, however many there are.
/// A kind is <c>n</c> for a number of 64 bits, <c>t</c> for text, <c>b</c> for octets; any of them may be null.
/// </summary>
internal sealed class RowArrays(string kinds)
{
    private readonly List<object?>[] _columns = [.. kinds.Select(_ => new List<object?>())];

    public int Count => _columns[0].Count;

    public void Add(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) _columns[i].Add(Commands.Value(values[i]));
    }

    public void Clear()
    {
        foreach (var column in _columns) column.Clear();
    }

    /// <summary>As the arguments of a function: <c>$1, $2</c>.</summary>
    public string Places { get; } = string.Join(", ", Enumerable.Range(1, kinds.Length).Select(n => $"${n}"));

    public NpgsqlBatchCommand ToCommand(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        for (var i = 0; i < kinds.Length; i++)
            command.Parameters.Add(kinds[i] switch
            {
                'n' => new NpgsqlParameter<long?[]>
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                    TypedValue = [.. _columns[i].Select(v => v as long?)],
                },
                't' => new NpgsqlParameter<string?[]>
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                    TypedValue = [.. _columns[i].Select(v => v as string)],
                },
                _ => new NpgsqlParameter<byte[]?[]>
                {
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                    TypedValue = [.. _columns[i].Select(v => v as byte[])],
                },
            });
        return command;
    }
}
