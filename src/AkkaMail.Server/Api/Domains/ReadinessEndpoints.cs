using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Domains;

/// <summary>What receivers ask of who sends much, and how it stands.</summary>
/// <param name="Domain">The domain. Absent: the rules are those of the installation.</param>
/// <param name="Rules">The rules.</param>
public sealed record ReadinessResponse(string? Domain, IReadOnlyList<RuleResponse> Rules)
{
    internal static ReadinessResponse Of(string? domain, ImmutableArray<RuleCheck> rules) =>
        new(domain, [.. rules.Select(RuleResponse.Of)]);
}

/// <summary>A rule of those who receive.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="State">Whether it is kept.</param>
/// <param name="Seen">What was found.</param>
/// <param name="WhatToDo">What to change. Absent: nothing.</param>
/// <param name="Source">Who asks for it.</param>
public sealed record RuleResponse(
    string Rule, [WordsOf<RuleState>] string State, string Seen, string? WhatToDo, string Source)
{
    internal static RuleResponse Of(RuleCheck r) =>
        new(r.Rule, r.State.ToWord(), r.Seen, r.WhatToDo, r.Source);
}

/// <summary>
/// <c>GET /v1/domains/{domain}/readiness</c>: the rules of Gmail, Yahoo and Outlook.com for who sends much;
/// <c>GET /v1/readiness</c>: those that do not depend on a domain.
/// </summary>
internal static class ReadinessEndpoints
{
    public static void MapReadiness(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/domains/{domain}/readiness", OfDomain).Needs(Scopes.Read).WithName("GetDomainReadiness")
            .WithSummary("What Gmail, Yahoo and Outlook ask of who sends much, and how the domain stands")
            .WithDescription("Looked up now: DNS, the sources' reverse names, and what was delivered in the last 7 days.")
            .Produces<ReadinessResponse>().Refuses(404);
        app.MapGet("/v1/readiness", OfInstallation).WithName("GetReadiness")
            .WithSummary("What receivers ask of the sources, whichever domain they send for")
            .Produces<ReadinessResponse>().Refuses();
    }

    private static async Task<IResult> OfDomain(
        string domain, Caller caller, [AsParameters] AccountParts parts, DomainReadiness readiness,
        CancellationToken cancel) =>
        DomainName.Parse(domain, out _) is { } name && parts.Accounts.Domains.Find(name, caller.Tenant) is { } found
            ? Answers.Json(ReadinessResponse.Of(found.Name, await readiness.Check(found, cancel)),
                DomainAnswers.Default.ReadinessResponse)
            : AccountProblems.Of(AccountRefusal.UnknownDomain);

    private static async Task<IResult> OfInstallation(DomainReadiness readiness) => Answers.Json(
        ReadinessResponse.Of(null, await readiness.CheckSources()), DomainAnswers.Default.ReadinessResponse);
}
