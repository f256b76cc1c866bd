using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary>What the API calls an option, and the other way round.</summary>
internal static class ApiNames
{
    /// <summary><c>--expires-at</c> is <c>expires_at</c>; <c>from</c> and <c>to</c> are people elsewhere.</summary>
    public static string FieldOf(Option option) => option.Name switch
    {
        "--since" => "from",
        "--until" => "to",
        var name => name.TrimStart('-').Replace('-', '_'),
    };

    /// <summary>The option by which <paramref name="command"/> got a field; null: by none.</summary>
    public static string? OptionOf(Command command, string? field) =>
        command.Options.FirstOrDefault(option => FieldOf(option) == field)?.Name;
}
