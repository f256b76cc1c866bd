using System.CommandLine;
using System.CommandLine.Invocation;
using AkkaMail.Cli.Alerts;
using AkkaMail.Cli.Bounces;
using AkkaMail.Cli.Domains;
using AkkaMail.Cli.History;
using AkkaMail.Cli.Hygiene;
using AkkaMail.Cli.Lanes;
using AkkaMail.Cli.Messages;
using AkkaMail.Cli.Operating;
using AkkaMail.Cli.Shaping;
using AkkaMail.Cli.Tenants;

namespace AkkaMail.Cli;

/// <summary>All commands, the options they share, and how a run ends.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(string[] args, Terminal terminal, Func<string, string?> environment)
    {
        var shared = new SharedOptions(environment);
        var root = new RootCommand("Talks to an AkkaMail server over HTTP.")
        {
            Send.Command(shared, terminal),
            ShowMessage.Command(shared, terminal),
            ListMessages.Command(shared, terminal),
            Cancel.Command(shared, terminal),
            Status.Command(shared, terminal),
            Rebuild.Command(shared, terminal),
            ShapingCommand.Command(shared, terminal),
            SitesCommand.Command(shared, terminal),
            LanesCommand.Command(shared, terminal),
            RulesCommand.Command(shared, terminal),
            ClusterCommand.Command(shared, terminal),
            TenantsCommand.Command(shared, terminal),
            KeysCommand.Command(shared, terminal),
            DoctorCommand.Command(shared, terminal),
            AlertsCommand.Command(shared, terminal),
            ReputationCommand.Command(shared, terminal),
            ComplaintsCommand.Command(shared, terminal),
            StreamsCommand.Command(shared, terminal),
            BouncesCommand.Command(shared, terminal),
            DomainsCommand.Command(shared, terminal),
            HygieneCommand.Command(shared, terminal),
            ReportsCommand.Command(shared, terminal),
            OpenApi.Command(shared, terminal),
        };
        shared.AddTo(root);
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            var code = await parsed.InvokeAsync(configuration);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
        }
        catch (UsageException e)
        {
            terminal.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }
        catch (RefusedException e)
        {
            e.Write(terminal.Error);
            if (e.Status == 401) terminal.Error.WriteLine("Give the key by AKKAMAIL_KEY or --key.");
            return ExitCode.Refused;
        }
        catch (NotReachableException e)
        {
            terminal.Error.WriteLine($"The server is not reachable at {e.Message}");
            return ExitCode.NotReachable;
        }
    }
}
