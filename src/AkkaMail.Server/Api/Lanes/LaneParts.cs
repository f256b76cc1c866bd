using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Delivery;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.Sites;
using Microsoft.Extensions.Options;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>Whom the endpoints of lanes ask.</summary>
internal sealed record LaneParts(
    IRequiredActor<Governors> Governors, ActorSystem System, ShapingParts Shaping, SiteLog Sites,
    SiteResolver Resolver, IOptions<DeliveryOptions> Delivers, TimeProvider Time)
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
        Shaping.Rules().Sources.ContainsKey(source) ? $"'{site}' is not a site." : $"There is no source '{source}'.");

    /// <summary>
    /// Null: the site is a provider's, or mail has gone there. Whoever suspends <c>gmail.com</c> in an incident must
    /// not believe that <c>google</c> stands.
    /// </summary>
    public async Task<string?> WhyUnknown(LimitKey limit, CancellationToken cancel)
    {
        if (limit is not LimitKey.Lane { Key.Site: var site }) return null;
        var rules = Shaping.Rules();
        if (site is Core.Shaping.Sites.Relay or Core.Shaping.Sites.Smarthost
            || rules.Providers.Any(p => p.Name == site) || rules.Domains.ContainsKey(site)
            || (await Live(cancel)).Lanes.Any(l => l.Lane.Site == site) || await Sites.Knows(site, cancel)) return null;
        if (Core.Shaping.Sites.DomainOf(site) is { } domain)
        {
            if (Delivers.Value.HasRelay) return $"'{site}' is a domain: all mail is counted as the site {Core.Shaping.Sites.Relay}";
            var answer = await Resolver.ResolveAsync(domain, cancel);
            // A host of nobody else is its own site: its mail may come any moment.
            if (answer.Site == site && answer.MxHosts.Length > 0) return null;
            if (answer.Site != site) return $"'{site}' is a domain: it is counted as the site {answer.Site}";
        }
        return $"no mail has gone to '{site}' yet: with new=true the order is given all the same";
    }

    /// <summary>Of all nodes that answer.</summary>
    public async Task<LiveLanes> Live(CancellationToken cancel)
    {
        var all = await EveryNode.Ask<NodeLanes>(System, LedgerActor.DeliveryName, new ListLanes(),
            page => page.HasMore ? new ListLanes(page.Lanes[^1].Lane) : null, cancel);
        return LiveLanes.Of(all);
    }

    public async Task<LaneState> State(LimitKey limit, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<LaneState>(new ToGovernor(limit, new DescribeLane()), Timeout, cancel);

    /// <summary>A <see cref="LaneState"/> once it is stored, or <see cref="OrderRefused"/>.</summary>
    public async Task<object> Order(LimitKey limit, LaneOrder order, CancellationToken cancel) =>
        await Governors.ActorRef.Ask<object>(new ToGovernor(limit, order), Timeout, cancel);

    public async Task<LaneResponse> Describe(LimitKey limit, LaneState state, CancellationToken cancel)
    {
        var all = limit is LimitKey.Lane ? await Live(cancel) : LiveLanes.None;
        var live = all.Lanes.FirstOrDefault(l => limit == new LimitKey.Lane(l.Lane));
        var isMissing = live?.IsMissing ?? IsMissing(limit.Path.Source);
        return new LaneFacts(Shaping.Terms(limit), state, live, isMissing, state.Nodes, state.At)
        {
            OfSource = limit is LimitKey.Lane { Key: var lane } ? await OfSource(lane, cancel) : null,
        }.ToResponse() with
        { SilentNodes = all.SilentNodes };
    }

    /// <summary>No node that is there has it.</summary>
    private bool IsMissing(string source) => Shaping.IsMissing(source)
        || NodeNames.Of(Membership.Get(System)).PlaceOf(Shaping.Rules().Sources[source]).IsNowhere;

    /// <summary>The warm-up that a lane shares with all of its source's that are no provider's; null: none.</summary>
    public async Task<LaneState?> OfSource(LaneKey lane, CancellationToken cancel) =>
        IsOfSource(lane) ? await State(new LimitKey.WarmUpRest(lane.Source), cancel) : null;

    public bool IsOfSource(LaneKey lane) => SharedLimits.Of(Shaping.Rules(), lane).Any(l => l is LimitKey.WarmUpRest);
}
