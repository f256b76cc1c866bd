using AkkaMail.Cli;
using AkkaMail.Cli.Frame;

return await CommandLine.Run(args, Terminal.OfProcess(), Environment.GetEnvironmentVariable);
