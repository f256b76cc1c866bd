using System.CommandLine;

namespace AkkaMail.Cli;

/// <summary>
/// What cannot be undone is asked for twice: on a terminal by a question, in a script by <c>--yes</c>.
/// </summary>
internal sealed class Confirmation
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask for confirmation" };

    public void AddTo(Command command) => command.Options.Add(_yes);

    /// <summary>A <see cref="UsageException"/> when nobody has said yes.</summary>
    public void Ask(ParseResult parsed, Terminal terminal, string what)
    {
        if (parsed.GetValue(_yes)) return;
        if (!terminal.Asks) throw new UsageException($"{what} This cannot be undone: say --yes.");
        terminal.Error.Write($"{what} This cannot be undone. Go on? [y/N] ");
        if (terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UsageException("Nothing was done.");
    }
}
