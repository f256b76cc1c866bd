using AkkaMail.Load;

// Generator and sink share the machine with what they measure: no thread change for each packet (read at first use).
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

switch (args)
{
    case ["throughput", .. var rest]: return await Throughput.Run(new Arguments(rest));
    case ["backlog", .. var rest]: return await Backlog.Run(new Arguments(rest));
    case ["tarpit", .. var rest]: return await Tarpit.Run(new Arguments(rest));
    case ["steps", .. var rest]: return await Steps.Run(new Arguments(rest));
    case ["simulate", .. var rest]: return Simulate.Run(new Arguments(rest));
    case ["adapt", .. var rest]: return await Adapt.Run(new Arguments(rest));
    case ["independence", .. var rest]: return await Independence.Run(new Arguments(rest));
    case ["beside", .. var rest]: return await Beside.Run(new Arguments(rest));
    case ["rebuild", .. var rest]: return await RebuildLoad.Run(new Arguments(rest));
    case ["sign", .. var rest]: return Sign.Run(new Arguments(rest));
    case ["personal", .. var rest]: return await Personal.Run(new Arguments(rest));
    case ["attachments", .. var rest]: return await Attachments.Run(new Arguments(rest));
    case ["bounces", .. var rest]: return Bounces.Run(new Arguments(rest));
    case ["governors", .. var rest]: return Governors.Run(new Arguments(rest));
    case ["nodes", .. var rest]: return await NodesLoad.Run(new Arguments(rest));
    case ["receive", .. var rest]: return await Receive.Serve(new Arguments(rest));
    case ["sink", .. var rest]: return await SinkProcess.Serve(new Arguments(rest));
    default:
        Console.Error.WriteLine("""
            usage: AkkaMail.Load throughput [--messages 20000] [--size 4096] [--domains 20] [--connections 32] [--warm 1000]
                                            [--half] [--smtp] [--sink host:port] [--data DIR] [--keep]
                   AkkaMail.Load backlog    [--messages 200000] [--size 1024]
                   AkkaMail.Load tarpit     [--messages 10000] [--size 4096] [--pairs 3]
                   AkkaMail.Load steps      [--messages 20000] [--size 4096] [--domains 20]
                   AkkaMail.Load simulate   [--seed 1] [--scenario NAME] [--chance 60] [--cuts]
                   AkkaMail.Load adapt      [--seconds 240] [--scenario NAME] [--seed 1]
                   AkkaMail.Load independence [--messages 10000] [--sites 200] [--limited 20] [--pairs 3]
                   AkkaMail.Load beside     [--waiting 500000] [--sites 20] [--seconds 30] [--per-second 20]
                   AkkaMail.Load rebuild    [--messages 100000] [--rate 300] [--percent 100] [--postgres]
                   AkkaMail.Load sign       [--messages 5000] [--size 4096]
                   AkkaMail.Load personal   [--calls 6] [--recipients 500] [--variables 40000] [--cache BYTES] [--pairs 3]
                   AkkaMail.Load attachments [--at-once 1] [--bytes 25000000] [--smtp]
                   AkkaMail.Load bounces    [--rounds 20]
                   AkkaMail.Load governors  [--nodes 100] [--lanes 2000] [--seconds 1]
                   AkkaMail.Load nodes      [--messages 20000] [--rate 300] [--pairs 2]
                   AkkaMail.Load receive    [--scenario 50/s] [--limited N] [--seed 1]
            Figures are printed as name=value.
            """);
        return 2;
}
