using System.Diagnostics;

namespace AkkaMail.Cli.Tests.Operating;

/// <summary>What a shell asks the program while somebody types.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("lan", "lanes")]
    [InlineData("lanes susp", "suspend")]
    [InlineData("messages list --sta", "--status")]
    [InlineData("status --output js", "json jsonl")]
    [InlineData("completion f", "fish")]
    public async Task Verbs_options_and_their_values_are_suggested(string line, string words)
    {
        var ran = await Runs.Akkamail("http://127.0.0.1:1", [$"[suggest:{line.Length}]", line]);

        Assert.Equal(words.Split(' '), ran.Out.TrimEnd('\n').Split('\n'));
    }

    /// <summary>By bash itself, as it does when the tabulator is pressed.</summary>
    [Theory]
    [InlineData("akkamail suppressions ex", "export")]
    [InlineData("akkamail keys ", "add change list remove show")]
    [InlineData("akkamail messages list --un", "--until")]
    public async Task Bash_completes(string line, string words)
    {
        var script = (await Runs.Akkamail("http://127.0.0.1:1", ["completion", "bash"])).Out;
        // A function of the program's name stands for the program on the path.
        var program = Path.Combine(AppContext.BaseDirectory, "akkamail.dll");
        var typed = $"akkamail() {{ dotnet '{program}' \"$@\"; }}\n{script}\n"
            + $"COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({line}{(line[^1] == ' ' ? "''" : "")})\n"
            + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_akkamail\n"
            + "printf '%s\\n' \"${COMPREPLY[@]}\"; complete -p akkamail";

        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", typed]) { RedirectStandardOutput = true })!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("complete -o default -F _akkamail akkamail", lines[^1]);
        Assert.Equal(words.Split(' '),
            lines[..^1].Where(l => line[^1] != ' ' || l[0] != '-').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zsh", "compdef _akkamail akkamail")]
    [InlineData("fish", "complete -c akkamail")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName akkamail")]
    public async Task Each_shell_has_its_script(string shell, string has)
    {
        var ran = await Runs.Akkamail("http://127.0.0.1:1", ["completion", shell]);

        Assert.Equal(0, ran.Code);
        Assert.Contains(has, ran.Out, StringComparison.Ordinal);
        Assert.Contains("suggest:", ran.Out, StringComparison.Ordinal);
    }
}
