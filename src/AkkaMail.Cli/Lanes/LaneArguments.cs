using System.CommandLine;
using AkkaMail.Cli.Frame;

namespace AkkaMail.Cli.Lanes;

/// <summary>The two arguments that name a lane.</summary>
internal sealed class LaneArguments
{
    private readonly Argument<string> _source = new("source") { Description = "One of the shaping file's sources" };
    private readonly Argument<string> _site = new("site")
    {
        Description = "As in lanes list; 'sites explain DOMAIN' knows a domain's",
    };

    public IReadOnlyList<Symbol> All => [_source, _site];

    public string Path(Call call) => $"v1/lanes/{call.Part(_source)}/{call.Part(_site)}";
}
