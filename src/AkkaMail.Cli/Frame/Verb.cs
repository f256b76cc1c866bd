using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary>
/// A verb: its options and arguments, what it does, what it prints and how it can end. <paramref name="does"/> answers
/// with an <see cref="ExitCode"/>.
/// </summary>
internal sealed class Verb(string name, string says, Func<Call, Task<int>> does) : Command(name, says)
{
    public Func<Call, Task<int>> Does => does;

    /// <summary>What <see cref="ExitCode.Found"/> means of this verb; null: it never ends so.</summary>
    public string? Finds { get; init; }

    /// <summary>It can wait, and end with <see cref="ExitCode.StillWaiting"/>.</summary>
    public bool Waits { get; init; }

    /// <summary>A key with all rights may name the tenant it acts for.</summary>
    public bool OfTenant { get; init; }

    /// <summary>The fields of a line, where it prints lines.</summary>
    public IReadOnlyList<Field> Prints { get; init; } = [];

    /// <summary>What it prints instead of a table, where that is always the same.</summary>
    public string? PrintsOnly { get; init; }

    /// <summary>Itself, with these options and arguments.</summary>
    public Verb With(params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
            if (symbol is Option option) Options.Add(option);
            else Arguments.Add((Argument)symbol);
        return this;
    }
}
