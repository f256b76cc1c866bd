using System.Diagnostics;
using System.Text.RegularExpressions;
using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>What the documentation tells its readers to type, as it stands there.</summary>
internal static partial class Pages
{
    /// <summary>The blocks of a page in one language, in their order.</summary>
    public static IReadOnlyList<string> Blocks(string page, string language = "sh") =>
        [.. Fences().Matches(File.ReadAllText(Path.Combine(ThisBuild.Root, page)))
            .Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value)];

    /// <summary>The first block that has <paramref name="with"/> in it.</summary>
    public static string Block(string page, string with, string language = "sh") =>
        Blocks(page, language).First(block => block.Contains(with, StringComparison.Ordinal));

    /// <summary>Run as it is, at another port, and with the command line that has been built already.</summary>
    public static Task<Typed> Type(string commands, Uri url) => Run($"shopt -s expand_aliases; export AKKAMAIL_URL={url}\n"
        + commands.Replace("http://127.0.0.1:8025", url.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("dotnet run --project src/AkkaMail.Cli --", Cli, StringComparison.Ordinal));

    /// <summary>The command line of this build, as a shell calls it.</summary>
    public static string Cli { get; } = $"dotnet {ThisBuild.CliDll}";

    public static async Task<Typed> Run(
        string commands, string? directory = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", commands])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        var errors = bash.StandardError.ReadToEndAsync();
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return new(bash.ExitCode, said, await errors);
    }

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fences();
}

/// <summary>How commands ended, and what they wrote.</summary>
internal sealed record Typed(int Code, string Said, string Errors);
