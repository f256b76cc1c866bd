using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli;

/// <summary>What is said to somebody whose command line is none.</summary>
internal static class Misuse
{
    /// <summary>Slips of the hand in a word that is still taken for another; in a short one fewer.</summary>
    private const int SlipsMax = 2;

    public static void Tell(ParseResult parsed, TextWriter to)
    {
        var command = parsed.CommandResult.Command;
        var stranger = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        // Behind a noun or a verb that is none, nothing else has a meaning.
        if (stranger is not null && command.Subcommands.Count > 0) Say($"There is no '{stranger}' here.");
        else foreach (var wrong in parsed.Errors) Say(wrong.Message);
        if (stranger is not null && Meant(stranger, Known(parsed.CommandResult, stranger)) is { } meant)
            Say($"Did you mean {meant}?");
        Say($"See: akkamail {PathOf(parsed.CommandResult)}--help");

        void Say(string line) => to.WriteLine(Terminal.Plain(line));
    }

    /// <summary>
    /// Has an option or argument say by its name what it takes: the library would speak of types of .NET. Of what the
    /// server reads, as times and names, the server says it.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is of a kind that nothing is said of here.</exception>
    public static void Explain(Option option)
    {
        var words = option.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList();
        if (KindOf(option.Name, option.ValueType, words) is not { } kind) return;
        option.Validators.Clear();
        option.Validators.Add(given => Check(option.Name, kind, given));
    }

    /// <inheritdoc cref="Explain(Option)"/>
    public static void Explain(Argument argument)
    {
        var words = argument.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList();
        if (KindOf(argument.Name, argument.ValueType, words) is not { } kind) return;
        argument.Validators.Clear();
        argument.Validators.Add(given => Check($"<{argument.Name}>", kind, given));
    }

    private static void Check(string name, (string Says, Func<string, bool> Fits) kind, SymbolResult given)
    {
        foreach (var token in given.Tokens)
            if (!kind.Fits(token.Value)) given.AddError($"{name} takes {kind.Says}, and not '{token.Value}'.");
    }

    /// <summary>Null: any text.</summary>
    private static (string Says, Func<string, bool> Fits)? KindOf(string name, Type type, List<string> words)
    {
        // What is neither true nor false is not taken for a switch's value, but for the next argument.
        if (type == typeof(bool) || type == typeof(bool?) || type == typeof(void)) return null;
        if (type == typeof(int) || type == typeof(int?))
            return ("a whole number, 1 or more", text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0);
        if (type == typeof(double?))
            return ("a number above 0, as in 0.5", text =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0);
        if (type != typeof(string) && type != typeof(string[]))
            throw new InvalidOperationException($"nobody says what {name} takes, which is {type}");
        return words.Count == 0 ? null : ($"{string.Join(", ", words[..^1])} or {words[^1]}", words.Contains);
    }

    /// <summary>The word that is begun with, or else the one that is nearest; null: none is near.</summary>
    public static string? Meant(string typed, IEnumerable<string> known)
    {
        var near = known.Select(word => (Word: word, Slips: Slips(typed, word))).OrderBy(w => w.Slips).ToList();
        return near.Find(w => typed.Length > 1 && w.Word.StartsWith(typed, StringComparison.Ordinal)).Word
            ?? near.Find(w => w.Slips <= Math.Min(SlipsMax, typed.Length / 2)).Word;
    }

    /// <summary>Letters to add, drop or change (Levenshtein's distance).</summary>
    private static int Slips(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var changed = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(diagonal, row[j]) + 1);
            }
        }
        return row[^1];
    }

    private static IEnumerable<string> Known(CommandResult at, string stranger) =>
        !stranger.StartsWith('-') ? at.Command.Subcommands.Select(c => c.Name)
            : at.Command.Options.Concat(Above(at).SelectMany(c => c.Options.Where(o => o.Recursive)))
                .Select(o => o.Name);

    private static IEnumerable<Command> Above(CommandResult at) =>
        at.Parent is CommandResult outer ? Above(outer).Prepend(outer.Command) : [];

    private static string PathOf(CommandResult at) =>
        at.Parent is CommandResult outer ? $"{PathOf(outer)}{at.Command.Name} " : "";
}
