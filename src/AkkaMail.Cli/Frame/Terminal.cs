using Spectre.Console;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// Where a command reads and writes; <paramref name="RawIn"/> and <paramref name="RawOut"/> are for bytes that are no
/// text.
/// </summary>
internal sealed record Terminal(
    TextReader In, TextWriter Out, TextWriter Error, Func<Stream> RawIn, Func<Stream> RawOut)
{
    /// <summary>Wide enough that nothing is cut or wrapped: a table in a file.</summary>
    private const int Unbounded = 10_000;

    private const int UsualWidth = 80;

    public static Terminal OfProcess() =>
        new(Console.In, Console.Out, Console.Error, Console.OpenStandardInput, Console.OpenStandardOutput)
        {
            Asks = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected ? null : WidthOfConsole(),
            HasColour = !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))   // https://no-color.org
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };

    /// <summary>Whether somebody is there who can answer a question.</summary>
    public bool Asks { get; init; }

    /// <summary>Columns of the screen that <see cref="Out"/> is; null: it is a file or a pipe.</summary>
    public int? Width { get; init; }

    public bool HasColour { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Paints on <see cref="Out"/> with the colours of the terminal's own palette, or with none.</summary>
    public IAnsiConsole Screen()
    {
        var screen = AnsiConsole.Create(new()
        {
            Ansi = HasColour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Width is null ? new TrimmedWriter(Out) : Out),
        });
        screen.Profile.Width = Width ?? Unbounded;
        return screen;
    }

    /// <summary>
    /// A stranger's words, as replies and subjects are: no line break, tab or escape sequence gets out, and nothing
    /// that turns the direction of what stands behind it.
    /// </summary>
    public static string Plain(string? text) =>
        text is null ? "" : string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++) to[i] = IsHarmless(from[i]) ? from[i] : ' ';
        });

    private static bool IsHarmless(char c) => !char.IsControl(c)
        && c is not ('\u061C' or '\u200E' or '\u200F')
        && c is not ((>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    private static int WidthOfConsole()
    {
        try { return Console.WindowWidth is > 0 and var width ? width : UsualWidth; }
        catch (IOException) { return UsualWidth; }
    }
}
