using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

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
    public LimitKey? Find(string source, string site) =>
        Shaping.Rules().Sources.ContainsKey(source) && LimitKey.Of(source, site.ToLowerInvariant()) is var limit
            && (limit is not LimitKey.Lane || IsSite(site)) ? limit : null;

    private static bool IsSite(string name) => name.Length is > 0 and <= 255
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+');

    public Problem NotFound(string source, string site) => Problem.Of(RefusalCode.NotFound, "There is no such lane",
        Shaping.Rules().Sources.ContainsKey(source) ? $"'{site}' is no site." : $"There is no source '{source}'.");

    public async Task<NodeLanes> Live(CancellationToken cancel) =>
        await Delivery.ActorRef.Ask<NodeLanes>(new ListLanes(), Timeout, cancel);

    public async Task<LaneState> State(LimitKey limit, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<LaneState>(new ToGovernor(limit, new DescribeLane()), Timeout, cancel);

    /// <summary>A <see cref="LaneState"/> once it is stored, or <see cref="OrderRefused"/>.</summary>
    public async Task<object> Order(LimitKey limit, LaneOrder order, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<object>(new ToGovernor(limit, order), Timeout, cancel);

    public async Task<LaneResponse> Describe(LimitKey limit, LaneState state, CancellationToken cancel)
    {
        var live = limit is not LimitKey.Lane { Key: var key } ? null
            : (await Live(cancel)).Lanes.FirstOrDefault(l => l.Lane == key);
        var isMissing = Shaping.IsMissing(limit.Path.Source);
        return new LaneFacts(Shaping.Terms(limit), state, live, isMissing, state.Nodes, state.At).ToResponse();
    }
}
