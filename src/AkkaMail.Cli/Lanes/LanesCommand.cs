using System.CommandLine;

namespace AkkaMail.Cli.Lanes;

/// <summary><c>akkamail lanes …</c>: how fast each source may send to each site, why, and your orders.</summary>
internal static class LanesCommand
{
    public static Command Command(SharedOptions shared, Terminal terminal) =>
        new("lanes", "Lanes: how fast each source may send to each site, why, and your orders.")
        {
            ListLanes.Command(shared, terminal),
            ShowLane.Command(shared, terminal),
            LaneHistory.Command(shared, terminal),
            OrderLane.Suspend(shared, terminal),
            OrderLane.Resume(shared, terminal),
            OrderLane.Limit(shared, terminal),
            OrderLane.WarmUp(shared, terminal),
        };
}

/// <summary>The two arguments that name a lane.</summary>
internal sealed class LaneArguments
{
    private readonly Argument<string> _source = new("source") { Description = "One of the shaping file's sources" };
    private readonly Argument<string> _site = new("site")
    {
        Description = "As in lanes list; 'sites explain DOMAIN' knows a domain's",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_source);
        command.Arguments.Add(_site);
    }

    public string Path(ParseResult parsed) =>
        $"v1/lanes/{Uri.EscapeDataString(parsed.GetRequiredValue(_source))}/"
            + Uri.EscapeDataString(parsed.GetRequiredValue(_site));
}
