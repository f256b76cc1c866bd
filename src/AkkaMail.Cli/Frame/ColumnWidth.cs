namespace AkkaMail.Cli.Frame;

/// <summary>How wide a column is: as its widest cell, unless there is not room for all.</summary>
internal sealed record ColumnWidth(int Place, int Width, Fit Can, bool IsExtra)
{
    /// <summary>Narrower, a text says nothing any more.</summary>
    private const int CutLeast = 12, WrapLeast = 24;

    /// <summary>So wide a text is before there is room for what is extra.</summary>
    private const int CutUsual = 24, WrapUsual = 32;

    private int Least => Of(CutLeast, WrapLeast);

    private int Usual => Of(CutUsual, WrapUsual);

    private int Of(int cut, int wrap) => Can switch
    {
        Frame.Fit.Whole => Width,
        Frame.Fit.Cut => Math.Min(Width, cut),
        _ => Math.Min(Width, wrap),
    };

    /// <summary>
    /// The columns in a <paramref name="width"/>: what is extra is left out, from the end, until the others have
    /// usual widths; then texts give way, the widest first. What is whole stays whole even then: half an id is none.
    /// </summary>
    public static List<ColumnWidth> Fit(List<ColumnWidth> columns, int width, int gap)
    {
        int Sum(Func<ColumnWidth, int> of) => columns.Sum(of) + (columns.Count - 1) * gap;
        while (Sum(c => c.Usual) > width && columns.FindLastIndex(c => c.IsExtra) is >= 0 and var extra)
            columns = [.. columns.Where((_, i) => i != extra)];
        while (Sum(c => c.Width) > width && columns.Where(c => c.Width > c.Least).MaxBy(c => c.Width) is { } widest)
            columns = [.. columns.Select(c => c == widest ? c with { Width = c.Width - 1 } : c)];
        return columns;
    }
}
