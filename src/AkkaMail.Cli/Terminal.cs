namespace AkkaMail.Cli;

/// <summary>
/// Where a command reads and writes; <paramref name="RawIn"/> and <paramref name="RawOut"/> are for bytes that are no
/// text.
/// </summary>
internal sealed record Terminal(
    TextReader In, TextWriter Out, TextWriter Error, Func<Stream> RawIn, Func<Stream> RawOut)
{
    public static Terminal OfProcess() =>
        new(Console.In, Console.Out, Console.Error, Console.OpenStandardInput, Console.OpenStandardOutput);

    /// <summary>One thing a line, its fields separated by a tab: <c>cut</c> and <c>awk</c> read it.</summary>
    public void Line(params IEnumerable<string?> fields) => Out.WriteLine(string.Join('\t', fields.Select(Plain)));

    /// <summary>A receiver's words are foreign text: no line break, tab or escape sequence gets out.</summary>
    public static string Plain(string? text) =>
        text is null ? "" : string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        });
}
