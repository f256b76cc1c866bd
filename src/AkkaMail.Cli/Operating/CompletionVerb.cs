using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Operating;

/// <summary>
/// <c>akkamail completion SHELL</c>: a script for the shell. It asks the program itself, by the directive
/// <c>[suggest:POSITION]</c> of System.CommandLine, so that it knows every verb of the version that is installed.
/// </summary>
internal static class CompletionVerb
{
    private const string Bash = """
        # eval "$(akkamail completion bash)" in ~/.bashrc
        _akkamail() {
          local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
          local rest="${line#* }" found
          found=$("${COMP_WORDS[0]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)
          mapfile -t COMPREPLY < <(compgen -W "$found" -- "$word")
        }
        complete -o default -F _akkamail akkamail
        """;

    private const string Zsh = """
        # eval "$(akkamail completion zsh)" in ~/.zshrc, after compinit
        _akkamail() {
          local rest="${LBUFFER#* }"
          local -a found=("${(@f)$("${words[1]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
          compadd -a found || _files
        }
        compdef _akkamail akkamail
        """;

    private const string Fish = """
        # akkamail completion fish > ~/.config/fish/completions/akkamail.fish
        function __akkamail
          set -l rest (string replace -r '^\S+\s' '' -- (commandline -cp))
          set -l found (akkamail "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null | string match -r '.+')
          set -q found[1]; and printf '%s\n' $found; or __fish_complete_path (commandline -ct)
        end
        complete -c akkamail -f -a '(__akkamail)'
        """;

    private const string Pwsh = """
        # akkamail completion pwsh | Out-String | Invoke-Expression, in $PROFILE
        Register-ArgumentCompleter -Native -CommandName akkamail -ScriptBlock {
          param($word, $ast, $position)
          $rest = $ast.ToString().PadRight($position).Substring(0, $position) -replace '^\S+\s', ''
          akkamail "[suggest:$($rest.Length)]" "$rest" 2>$null | Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Verb Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return new Verb("completion", "Print a script that completes verbs and options in a shell.", call =>
        {
            call.Terminal.Out.WriteLine(
                call.Get(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => Pwsh });
            return Task.FromResult(ExitCode.Done);
        })
        { PrintsOnly = "the script; its first line says where it belongs" }.With(shell);
    }
}
