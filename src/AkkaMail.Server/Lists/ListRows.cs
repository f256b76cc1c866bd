using System.Text;

namespace AkkaMail.Server.Lists;

/// <summary>
/// The rows of a list as spreadsheets and other products write it: RFC 4180, any end of line, blanks around cells, and a
/// quote within a cell is text. Linear in time; one row is in memory, and that is bounded.
/// </summary>
/// <param name="delimiter">Between cells; null: a line is one cell, and quotes are text.</param>
/// <param name="line">The number of the first line.</param>
internal sealed class ListRows(TextReader text, char? delimiter, long line = 1)
{
    /// <summary>Cells of a row: twenty times what the exports of mailing products have.</summary>
    public const int CellsMax = 1_000;

    /// <summary>Characters of a cell: far more than an address, enough for the notes beside it.</summary>
    public const int CellMax = 10_000;

    /// <summary>Characters of a row.</summary>
    public const int RowMax = 100_000;

    private const int End = -1;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _cell = new();
    private int _at, _filled, _characters;
    private long _line = line;

    /// <summary>Rows that have something in them. A <see cref="ListException"/> ends the list.</summary>
    public IEnumerable<ListRow> Read(CancellationToken cancel)
    {
        while (Peek() != End)
        {
            cancel.ThrowIfCancellationRequested();
            var row = ReadRow();
            if (row.Fault is not null || row.Cells.Any(c => c.Length > 0)) yield return row;
        }
    }

    private ListRow ReadRow()
    {
        var cells = new List<string>();
        string? fault = null;
        _characters = 0;
        while (true)
        {
            if (cells.Count == CellsMax) throw new ListException(_line, $"It has more than {CellsMax} cells.");
            cells.Add(ReadCell(ref fault));
            if (Peek() is End || IsEnd(Peek())) break;
            Take();   // The delimiter.
        }
        var row = new ListRow(_line, cells, fault);
        if (Peek() != End) TakeEnd();
        return row;
    }

    private string ReadCell(ref string? fault)
    {
        _cell.Clear();
        SkipBlanks();
        if (delimiter is not null && Peek() == '"')
        {
            var opened = _line;
            var value = ReadQuoted(opened);
            var length = _cell.Length;
            while (IsBlank(Peek())) Keep(Take());
            if (IsOver(Peek())) return value.Trim();
            // "Jim" Jones: no quoted cell, but a text that begins with a quote. Over several lines it is a quote that
            // was left open and met the next one.
            if (_line != opened)
                fault ??= $"The quote that opens a cell on line {opened} is closed in the middle of one on line {_line}: "
                    + $"nothing of lines {opened} to {_line} is taken.";
            else _cell.Insert(length, '"').Insert(0, '"');
        }
        while (!IsOver(Peek())) Keep(Take());
        return _cell.ToString().Trim();
    }

    /// <summary>What is between the quotes; the cell then has it as it was written.</summary>
    private string ReadQuoted(long opened)
    {
        StringBuilder? value = null;
        Take();
        while (true)
        {
            var c = Peek();
            if (c == End)
                throw new ListException(opened, "A quote opens a cell here and is never closed: "
                    + $"{_line - opened} lines behind it are in that cell, and nothing of them is taken.");
            if (c == '"')
            {
                Take();
                if (Peek() != '"') return (value ?? _cell).ToString();
                value ??= new StringBuilder().Append(_cell);
                _cell.Append('"');
            }
            if (IsEnd(c))
            {
                _cell.Append('\n');
                TakeEnd();
            }
            else _cell.Append(Take());
            value?.Append(_cell[^1]);
            if (_cell.Length > CellMax)
                throw new ListException(opened, $"A quote opens a cell here that has more than {CellMax} characters: "
                    + "it may never be closed. Nothing from this line on is taken.");
        }
    }

    private void Keep(char c)
    {
        _cell.Append(c);
        if (_cell.Length > CellMax) throw new ListException(_line, $"A cell has more than {CellMax} characters.");
    }

    private void SkipBlanks()
    {
        while (IsBlank(Peek())) Take();
    }

    private bool IsBlank(int c) => c is ' ' or '\t' or '\u00a0' or '\ufeff' && c != delimiter;

    private bool IsOver(int c) => c == End || c == delimiter || IsEnd(c);

    private static bool IsEnd(int c) => c is '\n' or '\r';

    private void TakeEnd()
    {
        if (Take() == '\r' && Peek() == '\n') Take();
        _line++;
    }

    private int Peek()
    {
        if (_at < _filled) return _buffer[_at];
        (_at, _filled) = (0, text.Read(_buffer));
        return _filled == 0 ? End : _buffer[0];
    }

    private char Take()
    {
        Peek();
        if (++_characters > RowMax) throw new ListException(_line, $"It has more than {RowMax} characters.");
        return _buffer[_at++];
    }
}
