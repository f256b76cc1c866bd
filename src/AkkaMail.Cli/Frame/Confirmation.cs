using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// What cannot be undone, or hurts for a while, is asked for twice: on a terminal by a question, in a script by
/// <c>--yes</c>.
/// </summary>
internal static class Confirmation
{
    public static Option<bool> Option() => new("--yes", "-y") { Description = "Do not ask for confirmation" };

    /// <summary>Why it was done, for whoever finds it gone.</summary>
    public static Option<string?> Note() => SharedOptions.Note("Why; kept in the audit log");

    /// <summary>A <see cref="UsageException"/> when nobody has said yes.</summary>
    /// <param name="isForGood">False: it comes back by itself, but hurts until then.</param>
    public static void Ask(this Call call, Option<bool> yes, string what, bool isForGood = true)
    {
        if (call.Get(yes)) return;
        var terminal = call.Terminal;
        if (!terminal.Asks)
            throw new UsageException($"{what} {(isForGood ? "This cannot be undone: say" : "Say")} --yes.");
        terminal.Error.Write($"{Terminal.Plain(what)} {(isForGood ? "This cannot be undone. " : "")}Go on? [y/N] ");
        if (terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UsageException("Nothing was done.");
    }
}
