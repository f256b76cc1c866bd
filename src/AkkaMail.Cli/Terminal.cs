namespace AkkaMail.Cli;

/// <summary>
/// Where a command reads and writes; <paramref name="RawIn"/> and <paramref name="RawOut"/> are for bytes that are no
/// text.
/// </summary>
internal sealed record Terminal(
    TextReader In, TextWriter Out, TextWriter Error, Func<Stream> RawIn, Func<Stream> RawOut)
{
    public static Terminal OfProcess() =>
        new(Console.In, Console.Out, Console.Error, Console.OpenStandardInput, Console.OpenStandardOutput)
        {
            Asks = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        };

    /// <summary>Whether somebody is there who can answer a question.</summary>
    public bool Asks { get; init; }

    /// <summary>One thing a line, its fields separated by a tab: <c>cut</c> and <c>awk</c> read it.</summary>
    public void Line(params IEnumerable<string?> fields) => Out.WriteLine(string.Join('\t', fields.Select(Plain)));

    /// <summary>
    /// Columns under each other, for people; the <paramref name="numbers"/> of those that are set to the right.
    /// </summary>
    public void Table(IReadOnlyList<string?[]> rows, params ReadOnlySpan<int> numbers)
    {
        var cells = rows.Select(row => row.Select(Plain).ToArray()).ToList();
        var widths = Enumerable.Range(0, cells[0].Length).Select(i => cells.Max(row => row[i].Length)).ToArray();
        foreach (var row in cells)
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = numbers.Contains(i) ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]);
            Out.WriteLine(string.Join("  ", row).TrimEnd());
        }
    }

    /// <summary>A receiver's words are foreign text: no line break, tab or escape sequence gets out.</summary>
    public static string Plain(string? text) =>
        text is null ? "" : string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
}
