using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Shaping;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Cluster;
using AkkaMail.Server.Http;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using AkkaMail.Smtp.Resolving;
using Microsoft.Extensions.Options;
using Membership = Akka.Cluster.Cluster;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>
/// <c>GET /v1/sites/{domain}/explain</c>: which site a domain belongs to, and what each source may do there, each value
/// with the line it stands in.
/// </summary>
internal static class ExplainSite
{
    public static void MapExplainSite(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/sites/{domain}/explain", Explain).WithName("ExplainSite")
            .WithSummary("The site of a domain, its limits, and where each is said")
            .WithDescription("With tenant and stream: their pool and retries. With source: that source alone.")
            .Produces<SiteResponse>().Refuses(422);

    /// <param name="source">This source alone. Left out: all of the pool.</param>
    /// <param name="tenant">Whose mail: its pool and retries. Left out: <c>default</c>.</param>
    /// <param name="stream">Of which stream: its pool and retries. Left out: <c>transactional</c>.</param>
    private static async Task<IResult> Explain(
        string domain, string? source, string? tenant, string? stream, ShapingFile file, SiteResolver resolver,
        SourceWatch watch, ActorSystem system, IOptions<DeliveryOptions> delivery, IOptions<RetryOptions> retry,
        CancellationToken cancel)
    {
        if (Sites.DomainOf(domain) is not { } ascii)
            return Problem.Field("domain", $"'{domain}' is not a domain");
        var (rules, nodes) = (file.Current, NodeNames.Of(Membership.Get(system)));
        if (source is not null && !rules.Sources.ContainsKey(source))
            return Problem.Field("source", $"there is no source '{source}'");
        var answer = delivery.Value.HasRelay
            ? new(ascii, Sites.Relay, null, $"AkkaMail:Delivery:Relay is {delivery.Value.Relay}", [], default)
            : await resolver.ResolveAsync(ascii, cancel);
        var (who, what) = (tenant ?? Tenant.Default, stream ?? Streams.Transactional);
        var pool = rules.PoolOf(who, what);
        var usual = retry.Value.ToSchedule();
        var schedule = rules.RetryOf(who, what, answer.Site) is { } told
            ? new Explained<RetrySchedule>(told.Value.Over(usual), told.Origin) : new(usual, RetryOptions.Section);
        string[] names = source is null ? [.. rules.Pools[pool].Sources.Keys.Order(StringComparer.Ordinal)] : [source];
        return Answers.Json(new SiteResponse
        {
            Domain = answer.Domain,
            MxHosts = answer.MxHosts,
            Site = answer.Site,
            Provider = answer.Provider,
            Reason = answer.Reason,
            Until = answer.Until == default ? null : answer.Until,
            Version = rules.Version,
            Pool = pool,
            Sources = [.. names.Select(name => SourceAtSite.Of(rules, name, answer.Site,
                watch.IsMissing(name) || nodes.PlaceOf(rules.Sources[name]).IsNowhere))],
            Retry = RetryResponse.Of(schedule),
            Rules = [.. rules.Rules.Where(r => (r.Site ?? answer.Site) == answer.Site).Select(r => r.Id)],
        }, ShapingAnswers.Default.SiteResponse);
    }
}
