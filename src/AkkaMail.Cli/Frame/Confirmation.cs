using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// What cannot be undone is asked for twice: on a terminal by a question, in a script by <c>--yes</c>.
/// </summary>
internal static class Confirmation
{
    public static Option<bool> Option() => new("--yes", "-y") { Description = "Do not ask for confirmation" };

    /// <summary>A <see cref="UsageException"/> when nobody has said yes.</summary>
    public static void Ask(this Call call, Option<bool> yes, string what)
    {
        if (call.Get(yes)) return;
        var terminal = call.Terminal;
        if (!terminal.Asks) throw new UsageException($"{what} This cannot be undone: say --yes.");
        terminal.Error.Write($"{Terminal.Plain(what)} This cannot be undone. Go on? [y/N] ");
        if (terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UsageException("Nothing was done.");
    }
}
