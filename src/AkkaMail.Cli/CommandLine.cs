using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AkkaMail.Cli.Alerts;
using AkkaMail.Cli.Bounces;
using AkkaMail.Cli.Domains;
using AkkaMail.Cli.Frame;
using AkkaMail.Cli.History;
using AkkaMail.Cli.Hygiene;
using AkkaMail.Cli.Lanes;
using AkkaMail.Cli.Messages;
using AkkaMail.Cli.Operating;
using AkkaMail.Cli.Shaping;
using AkkaMail.Cli.Suppression;
using AkkaMail.Cli.Tenants;

namespace AkkaMail.Cli;

/// <summary>All verbs, and how a run ends.</summary>
internal static class CommandLine
{
    public static RootCommand Tree() => new("Talks to an AkkaMail server over HTTP.")
    {
        SendVerb.Create(), MessagesVerbs.Create(), SuppressionsVerbs.Create(), DomainsVerbs.Create(),
        DoctorVerb.Create(), LanesVerbs.Create(), SitesVerbs.Create(), ShapingVerbs.Create(), RulesVerbs.Create(),
        AlertsVerbs.Create(), ReputationVerbs.Create(), ComplaintsVerbs.Create(), BouncesVerbs.Create(),
        ReportsVerbs.Create(), HygieneVerbs.Create(), EngagementVerbs.Create(), TenantsVerbs.Create(),
        KeysVerbs.Create(), StreamsVerbs.Create(), AuditVerbs.Create(), StatusVerb.Create(), ClusterVerbs.Create(), LedgersVerbs.Create(),
        ProjectionsVerbs.Create(), OpenApiVerb.Create(), CompletionVerb.Create(),
    };

    public static async Task<int> Run(string[] args, Terminal terminal, Func<string, string?> environment)
    {
        var (root, shared) = (Tree(), new SharedOptions(environment));
        // Nobody types these, and completion would offer them.
        foreach (var help in root.Options.OfType<HelpOption>())
            foreach (var alias in (string[])["/?", "/h", "-?"]) help.Aliases.Remove(alias);
        shared.AddTo(root);
        Bind(root, shared, terminal);
        // @example.org is a domain, and no file with more arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            // Who names no verb asks which there are.
            if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command.Subcommands.Count > 0)
                await root.Parse([.. args, "--help"]).InvokeAsync(new() { Output = terminal.Error });
            else Misuse.Tell(parsed, terminal.Error);
            return ExitCode.Usage;
        }
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine(Terminal.Plain(e.Message));
            return ExitCode.Usage;
        }
        catch (RefusedException e)
        {
            // Who reads JSON goes by the code in it.
            if (shared.OutputOf(parsed, terminal) is Output.Json or Output.JsonLines) terminal.Error.WriteLine(e.Body);
            else e.Write(terminal.Error, field => ApiNames.OptionOf(parsed.CommandResult.Command, field) ?? field);
            if (e.Status == 401) terminal.Error.WriteLine("Give the key by AKKAMAIL_KEY or --key.");
            return ExitCode.Refused;
        }
        catch (NotReachableException e)
        {
            terminal.Error.WriteLine($"The server is not reachable at {Terminal.Plain(e.Message)}");
            return ExitCode.NotReachable;
        }
        catch (OperationCanceledException) { return ExitCode.Interrupted; }
        // A fault of ours: a script gets a code of the list even then, and a person a line for whoever mends it.
        catch (Exception e)
        {
            terminal.Error.WriteLine(Terminal.Plain($"akkamail itself has failed: {e.GetType().Name}: {e.Message}"));
            return ExitCode.Fault;
        }
    }

    /// <summary>Gives every verb what it runs with.</summary>
    public static void Bind(Command command, SharedOptions shared, Terminal terminal)
    {
        foreach (var option in command.Options) Misuse.Explain(option);
        foreach (var argument in command.Arguments) Misuse.Explain(argument);
        if (command is Verb verb)
        {
            if (verb.OfTenant) shared.AddTenantTo(verb);
            verb.SetAction(async (parsed, cancel) =>
            {
                using var call = new Call(verb, parsed, shared, terminal, cancel);
                return await verb.Does(call);
            });
        }
        foreach (var inner in command.Subcommands) Bind(inner, shared, terminal);
    }
}
