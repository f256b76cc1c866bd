using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// Tables and things on a screen. Texts are never read as markup: what stands in them is a stranger's.
/// </summary>
internal static class Tables
{
    private const int Gap = 2;

    public static List<Cell[]> Cells(IEnumerable<JsonNode> rows, IReadOnlyList<Field> fields, DateTimeOffset now) =>
        [.. rows.Select(row => fields.Select(f => Plain(f.Of(row, now))).ToArray())];

    public static void Write(IAnsiConsole screen, IReadOnlyList<Field> fields, List<Cell[]> rows, int? width)
    {
        // A column without a word says nothing.
        var shown = Enumerable.Range(0, fields.Count)
            .Where(i => fields[i].By != ReadBy.Programs && rows.Any(r => r[i].Shown.Length > 0)).ToList();
        var columns = shown.ConvertAll(i => new ColumnWidth(
            i, Math.Max(WidthOf(fields[i].Title), rows.Max(r => WidthOf(r[i]))), fields[i].Fit, fields[i].IsExtra));
        if (width is { } bound)
        {
            columns = ColumnWidth.Fit(columns, bound, Gap);
            // What is whole does not get broken by us, even where the screen breaks it.
            screen.Profile.Width = Math.Max(bound, columns.Sum(c => c.Width + Gap));
        }
        var table = new Table { Border = TableBorder.None, UseSafeBorder = false };
        foreach (var column in columns)
        {
            var field = fields[column.Place];
            table.AddColumn(new TableColumn(new Text(field.Title, Tone.Quiet.ToStyle()))
            {
                Alignment = field.IsRight ? Justify.Right : Justify.Left,
                Padding = new(0, 0, column == columns[^1] ? 0 : Gap, 0),
                Width = column.Width,
            });
        }
        foreach (var row in rows)
            table.AddRow(columns.Select(c => Paint(row[c.Place], fields[c.Place].Fit == Fit.Wrap ? null : c.Width)));
        screen.Write(table);
    }

    public static void Write(IAnsiConsole screen, JsonNode thing, View view, DateTimeOffset now, int? width)
    {
        Lines(screen, thing, view.Fields, now, width);
        foreach (var section in view.Sections)
        {
            var rows = section.Of(thing).ToList();
            if (rows.Count == 0) continue;
            Title(screen, section.Title);
            if (section.IsLines) foreach (var row in rows) Lines(screen, row, section.Fields, now, width);
            else Write(screen, section.Fields, Cells(rows, section.Fields, now), width);
        }
    }

    private static void Lines(
        IAnsiConsole screen, JsonNode thing, IReadOnlyList<Field> fields, DateTimeOffset now, int? width)
    {
        var lines = fields.Where(f => f.By != ReadBy.Programs)
            .Select(f => (f.Title, Cell: Plain((f.InFull ?? f.Of)(thing, now))))
            .Where(l => l.Cell.Shown.Length > 0).ToList();
        if (lines.Count == 0) return;
        var titles = lines.Max(l => WidthOf(l.Title));
        var grid = new Table { Border = TableBorder.None, ShowHeaders = false };
        grid.AddColumn(new TableColumn("") { Padding = new(0, 0, Gap, 0), Width = titles, NoWrap = true });
        grid.AddColumn(new TableColumn("")
        {
            Padding = new(0),
            Width = width is { } bound ? Math.Max(bound - titles - Gap, 20) : null,
        });
        foreach (var (title, cell) in lines) grid.AddRow(new Text(title, Tone.Quiet.ToStyle()), Paint(cell, null));
        screen.Write(grid);
    }

    public static void Title(IAnsiConsole screen, string text, bool isFirst = false)
    {
        if (!isFirst) screen.WriteLine();
        screen.Write(new Text(Terminal.Plain(text), new Style(decoration: Decoration.Bold)));
        screen.WriteLine();
    }

    private static Cell Plain(Cell cell) => cell with
    {
        Shown = Terminal.Plain(cell.Shown),
        Below = cell.Below is { } below ? Terminal.Plain(below) : null,
    };

    /// <param name="width">Cut to so many columns; null: wrapped.</param>
    private static Text Paint(Cell cell, int? width)
    {
        var text = width is { } most ? Cut(cell.Shown, most) : cell.Shown;
        return new(cell.Below is null ? text : $"{text}\n{cell.Below}", cell.Tone.ToStyle());
    }

    private static string Cut(string text, int width)
    {
        if (WidthOf(text) <= width) return text;
        var (cut, used) = ("", 0);
        for (var each = StringInfo.GetTextElementEnumerator(text); each.MoveNext();)
        {
            var element = each.GetTextElement();
            if ((used += WidthOf(element)) > width - 1) break;
            cut += element;
        }
        return $"{cut.TrimEnd()}…";
    }

    private static int WidthOf(Cell cell) => Math.Max(WidthOf(cell.Shown), WidthOf(cell.Below ?? ""));

    /// <summary>In columns of the screen: some letters take two.</summary>
    private static int WidthOf(string text) => new Segment(text).CellCount();
}
