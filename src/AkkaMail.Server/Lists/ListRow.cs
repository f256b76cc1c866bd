namespace AkkaMail.Server.Lists;

/// <summary>
/// A row of a list; <paramref name="Line"/> is the line of the file it ends on, from 1. With a <paramref name="Fault"/>
/// it cannot be read, and those behind it can.
/// </summary>
internal readonly record struct ListRow(long Line, IReadOnlyList<string> Cells, string? Fault = null)
{
    public string this[int column] => column < Cells.Count ? Cells[column] : "";
}

/// <summary>A line that ends a list: it cannot be read, or is one too many.</summary>
internal sealed class ListException(long line, string message) : Exception(message)
{
    public long Line => line;
}
