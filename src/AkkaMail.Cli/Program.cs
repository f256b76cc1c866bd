using AkkaMail.Cli;

return await CommandLine.Run(args, Terminal.OfProcess(), Environment.GetEnvironmentVariable);
