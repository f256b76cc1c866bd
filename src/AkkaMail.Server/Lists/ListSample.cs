using System.Buffers;

namespace AkkaMail.Server.Lists;

/// <summary>
/// The first rows of a list, read with one delimiter: what stands in its cells tells more than what they are called.
/// </summary>
internal sealed class ListSample
{
    private const int RowsMax = 50;

    /// <summary>In no address, unless its local part is quoted.</summary>
    private static readonly SearchValues<char> Between = SearchValues.Create(" ,;\t|\n");

    private readonly int[] _addresses;

    private ListSample(List<ListRow> rows)
    {
        Rows = rows;
        _addresses = new int[rows.Count == 0 ? 0 : rows.Max(r => r.Cells.Count)];
        foreach (var row in rows)
            for (var i = 0; i < row.Cells.Count; i++)
                if (IsAddress(row.Cells[i])) _addresses[i]++;
    }

    /// <summary>Those that can be read.</summary>
    public IReadOnlyList<ListRow> Rows { get; }

    /// <param name="delimiter">Null: a line is one cell.</param>
    /// <param name="isCut">The text is only the beginning of the list.</param>
    public static ListSample Of(string text, char? delimiter, bool isCut, long line)
    {
        var rows = new List<ListRow>();
        try
        {
            foreach (var row in new ListRows(new StringReader(text), delimiter, line).Read(CancellationToken.None))
            {
                if (row.Fault is null) rows.Add(row);
                if (rows.Count == RowsMax) return new(rows);
            }
            if (isCut && rows.Count > 1) rows.RemoveAt(rows.Count - 1);
        }
        catch (ListException) { }   // Whoever reads all of it says so.
        return new(rows);
    }

    public static ListSample Of(ListRow only) => new([only]);

    /// <summary>Rows that have an address in this column.</summary>
    public int Addresses(int column) => column < _addresses.Length ? _addresses[column] : 0;

    /// <summary>Columns that have addresses, the one with most of them first.</summary>
    public IReadOnlyList<int> AddressColumns =>
        [.. Enumerable.Range(0, _addresses.Length).Where(c => _addresses[c] > 0).OrderByDescending(c => _addresses[c])];

    /// <summary>A cell as other programs write an address: <c>mailto:a@b</c>, <c>="a@b"</c>, with invisible marks.</summary>
    public static string Clean(string cell)
    {
        cell = cell.Trim('\u200b', '\u200e', '\ufeff', ' ');
        if (cell is ['=', '"', .. var formula, '"']) cell = formula;
        if (cell is ['\'', .. var quoted, '\''] && quoted.Contains('@', StringComparison.Ordinal)) cell = quoted;
        return cell.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? cell[7..] : cell;
    }

    /// <summary>Whether somebody has meant one; whether it is right is for who takes it.</summary>
    public static bool IsAddress(string cell)
    {
        cell = Clean(cell);
        if (cell is [.., '>'] && cell.LastIndexOf('<') is >= 0 and var open) cell = cell[(open + 1)..^1];
        var at = cell.LastIndexOf('@');
        return at > 0 && at < cell.Length - 1 && cell.Length <= 320
            && (cell[0] == '"' || !cell.AsSpan().ContainsAny(Between)) && !cell.AsSpan(at).ContainsAny(Between);
    }
}
