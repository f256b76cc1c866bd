namespace AkkaMail.Server.Tests.Reference;

/// <summary>
/// A page of docs/reference with a part between two markers that is made from the code. AKKAMAIL_WRITE_DOCS=1 writes it
/// instead of comparing.
/// </summary>
internal static class ReferencePage
{
    public static string Root { get; } = FindRoot();

    public static void Holds(string page, string marker, string generated)
    {
        var path = Path.Combine(Root, "docs", "reference", page);
        var text = File.ReadAllText(path);
        var (begin, end) = ($"<!-- {marker}: begin, written by a test -->\n", $"<!-- {marker}: end -->");
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, $"{page} has not both markers of {marker}");
        if (Environment.GetEnvironmentVariable("AKKAMAIL_WRITE_DOCS") == "1")
            File.WriteAllText(path, $"{text[..(from + begin.Length)]}\n{generated}\n{text[to..]}");
        else
            Assert.True($"\n{generated}\n" == text[(from + begin.Length)..to],
                $"docs/reference/{page} differs from the code: run this test with AKKAMAIL_WRITE_DOCS=1.\n"
                    + $"Expected:\n{generated}");
    }

    public static string Table(string[] heads, IEnumerable<string[]> rows) => string.Concat(
        rows.Prepend([.. heads.Select(_ => "---")]).Prepend(heads)
            .Select(cells => $"| {string.Join(" | ", cells.Select(Escape))} |\n"));

    private static string Escape(string cell) => cell.Replace("|", "\\|", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "AkkaMail.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("no AkkaMail.sln above the tests");
    }
}
