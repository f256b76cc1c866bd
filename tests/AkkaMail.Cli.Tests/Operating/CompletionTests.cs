using System.Diagnostics;
using System.Runtime.Versioning;

namespace AkkaMail.Cli.Tests.Operating;

/// <summary>What a shell asks the program while somebody types.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CompletionTests
{
    /// <summary>A shell that hangs fails the test, and not the run.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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

    /// <summary>On a terminal of its own: zsh completes nowhere else.</summary>
    [Theory]
    [InlineData("akkamail suppressions ex", "akkamail suppressions export")]
    [InlineData("akkamail messages list --un", "akkamail messages list --until")]
    public async Task Zsh_completes(string line, string completed)
    {
        // The echo of what is typed must not be taken for what comes of it: R is written another way there.
        var said = await Shell("zsh", "zsh", "-f", "-c", $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PROMPT=\$'\x52EADY '; autoload -Uz compinit; compinit -u -D; source ./akkamail.zsh"
            zpty -r shell seen '*READY *'
            zpty -w -n shell "{{line}}"$'\t'
            zpty -r shell seen '*{{completed}}*'
            print -r -- "completed"
            zpty -d shell
            """);

        Assert.Equal("completed\n", said);
    }

    [Theory]
    [InlineData("akkamail suppressions ex", "export")]
    [InlineData("akkamail keys ", "add change list remove show")]
    [InlineData("akkamail messages list --un", "--until")]
    [InlineData("akkamail reports add akkamail.f", "akkamail.fish")]
    public async Task Fish_completes(string line, string words)
    {
        var said = await Shell("fish", "fish", "--no-config", "-c", $"source akkamail.fish; complete -C '{line}'");

        Assert.Equal(words.Split(' '),
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(l => line[^1] != ' ' || l[0] != '-').Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// PowerShell is large: its script is run where it is there already (<c>dotnet tool install -g PowerShell</c>).
    /// </summary>
    [WherePwshIs]
    public async Task PowerShell_completes()
    {
        var said = await Shell("pwsh", "pwsh", "-NoProfile", "-Command", """
            Invoke-Expression (Get-Content -Raw ./akkamail.pwsh)
            foreach ($line in 'akkamail suppressions ex', 'akkamail messages list --un') {
              (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText
            }
            """);

        Assert.Equal("export\n--until\n", said);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class WherePwshIsAttribute : FactAttribute
    {
        public override string Skip => Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Any(directory => File.Exists(Path.Combine(directory, "pwsh"))) ? null! : "pwsh is not installed";
    }

    /// <summary>What a shell prints that has <c>akkamail</c> on its path, and its script of completion at hand.</summary>
    private static async Task<string> Shell(string script, string program, params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("completion-").FullName;
        try
        {
            var akkamail = Path.Combine(directory, "akkamail");
            await File.WriteAllTextAsync(
                akkamail, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "akkamail.dll")}' \"$@\"\n");
            File.SetUnixFileMode(akkamail, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await File.WriteAllTextAsync(Path.Combine(directory, $"akkamail.{script}"),
                (await Runs.Akkamail("http://127.0.0.1:1", ["completion", script])).Out);
            using var shell = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                WorkingDirectory = directory,
                Environment =
                {
                    ["PATH"] = $"{directory}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["HOME"] = directory,
                },
            })!;
            try
            {
                var said = await shell.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
                await shell.WaitForExitAsync().WaitAsync(Patience);
                return said;
            }
            finally { shell.Kill(entireProcessTree: true); }
        }
        finally { Directory.Delete(directory, recursive: true); }
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
