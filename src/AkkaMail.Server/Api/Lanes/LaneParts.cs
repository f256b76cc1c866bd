using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>Whom the endpoints of lanes ask.</summary>
internal sealed record LaneParts(
    IRequiredActor<Governors> Governors, IRequiredActor<NodeDelivery> Delivery, ShapingParts Shaping,
    TimeProvider Time)
{
    /// <summary>A governor nobody has asked for a while reads its journal first.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Null: no such source, or no site can have that name. Sites are in lower case; <c>*</c> is a source's warm-up
    /// with all who are no provider.
    /// </summary>
    public LaneKey? Find(string source, string site) =>
        Shaping.Rules().Sources.ContainsKey(source) && site.Length is > 0 and <= 255
            && site.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '*')
            ? new(source, site.ToLowerInvariant()) : null;

    public Problem NotFound(string source, string site) => Problem.Of(404, "There is no such lane",
        Shaping.Rules().Sources.ContainsKey(source) ? $"'{site}' is no site." : $"There is no source '{source}'.");

    public async Task<NodeLanes> Live(CancellationToken cancel) =>
        await Delivery.ActorRef.Ask<NodeLanes>(new ListLanes(), Timeout, cancel);

    public async Task<LaneState> State(LaneKey lane, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<LaneState>(new ToGovernor(lane, new DescribeLane()), Timeout, cancel);

    /// <summary>A <see cref="LaneState"/> once it is stored, or <see cref="OrderRefused"/>.</summary>
    public async Task<object> Order(LaneKey lane, LaneOrder order, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<object>(new ToGovernor(lane, order), Timeout, cancel);

    public async Task<LaneResponse> Describe(LaneState state, CancellationToken cancel)
    {
        var live = (await Live(cancel)).Lanes.FirstOrDefault(l => l.Lane == state.Lane);
        return LaneFacts.Of(state, live, Shaping.Terms(state.Lane), Shaping.IsMissing(state.Lane.Source)).ToResponse();
    }
}
