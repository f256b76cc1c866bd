using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Domains;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Api.Tenants;
using AkkaMail.Server.Description;
using AkkaMail.Server.Domains;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Api.Domains;

/// <summary><c>/v1/domains</c>: what a tenant sends from, and what has to stand in DNS for it.</summary>
internal static class DomainEndpoints
{
    private static readonly ImmutableArray<DkimAlgorithm> Both =
        [DkimAlgorithm.RsaSha256, DkimAlgorithm.Ed25519Sha256];

    public static void MapDomains(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/domains", Add).Needs(Scopes.Manage).WithName("AddDomain")
            .WithSummary("Add a domain to send from")
            .WithDescription("It answers with the records to publish. A domain belongs to one tenant.")
            .Accepts<AddDomainRequest>("application/json").Produces<DomainResponse>(201)
            .Refuses(400, 404, 409, 413, 415, 422)
            .WithMetadata(new AnswersHeader(201, "Location", "The domain: its path."));
        app.MapGet("/v1/domains", List).Needs(Scopes.Read).WithName("ListDomains").WithSummary("Domains, by name")
            .Produces<DomainListResponse>().Refuses(422);
        app.MapGet("/v1/domains/{domain}", Get).Needs(Scopes.Read).WithName("GetDomain")
            .WithSummary("A domain, its keys and records").Produces<DomainResponse>().Refuses(404);
        app.MapGet("/v1/domains/{domain}/zone", Zone).Needs(Scopes.Read).WithName("GetDomainZone")
            .WithSummary("A domain's records as lines of a zone file")
            .Produces<string>(200, "text/plain").Refuses(404);
        app.MapPost("/v1/domains/{domain}/verify", Verify).Needs(Scopes.Manage).WithName("VerifyDomain")
            .WithSummary("Look a domain's records up now").Produces<DomainResponse>().Refuses(404);
        app.MapPost("/v1/domains/{domain}/rotate", Rotate).Needs(Scopes.Manage).WithName("RotateDomain")
            .WithSummary("Sign with the next keys, and make the ones after them")
            .WithDescription("Mail accepted before is signed with the old keys; their records must stay until "
                + "retires_at.")
            .Accepts<RotateDomainRequest>("application/json").Produces<DomainResponse>()
            .Refuses(400, 404, 409, 413, 415, 422);
        app.MapDelete("/v1/domains/{domain}", Remove).Needs(Scopes.Manage).WithName("RemoveDomain")
            .WithSummary("Send from a domain no more")
            .WithDescription("Its private keys are deleted: mail of it that is "
                + "still on its way leaves unsigned.")
            .Produces(204).Refuses(404, 422);
    }

    private static async Task<IResult> Add(
        HttpRequest http, Caller caller, [AsParameters] AccountParts parts, DomainSecrets secrets, DomainFacts facts,
        CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, DomainJson.Default.AddDomainRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        string? wrong = "is required";
        var name = request!.Domain is { } text ? DomainName.Parse(text, out wrong) : null;
        if (name is null) return Problem.Field("domain", wrong!);
        // Keys take a while to make: not for a name that is taken anyway.
        if (parts.Accounts.Domains.All.ContainsKey(name)) return AccountProblems.Of(AccountRefusal.DomainTaken);

        var keys = Both.SelectMany(
            a => Enumerable.Range(0, SendingDomain.KeysPerAlgorithm).Select(_ => NewKey.Generate(a)));
        var why = await Order(parts, secrets, [.. keys],
            made => new DomainOrder.Add(caller.By, caller.ActsFor, name, made), cancel);
        if (why is { } refusal) return AccountProblems.Of(refusal);
        return Answer(name, caller, parts, facts, isNew: true);
    }

    private static IResult List(
        Caller caller, [AsParameters] AccountParts parts, string? limit = null, string? cursor = null)
    {
        var errors = new List<FieldError>();
        var (count, before) = (ListQuery.Limit(limit, errors), ListQuery.Before(cursor, errors));
        if (errors.Count > 0) return Problem.Invalid(errors);
        var (page, next) = ListQuery.Page(
            parts.Accounts.Domains.All.Values.Where(d => caller.Sees(d.Tenant)), d => d.Name, count, before);
        return Answers.Json(
            new DomainListResponse([.. page.Select(DomainResponse.Of)], next), DomainAnswers.Default.DomainListResponse);
    }

    private static IResult Get(string domain, Caller caller, [AsParameters] AccountParts parts, DomainFacts facts) =>
        Answer(domain, caller, parts, facts);

    private static IResult Zone(string domain, Caller caller, [AsParameters] AccountParts parts, DomainFacts facts) =>
        Find(domain, caller, parts) is { } found
            ? TypedResults.Text(DnsRecords.ZoneFile(DnsRecords.For(found.Domain, facts.Current)), "text/plain")
            : AccountProblems.Of(AccountRefusal.UnknownDomain);

    private static async Task<IResult> Verify(
        string domain, Caller caller, [AsParameters] AccountParts parts, LookUpDomain lookUp, DomainFacts facts,
        CancellationToken cancel)
    {
        if (Find(domain, caller, parts) is not { } found) return AccountProblems.Of(AccountRefusal.UnknownDomain);
        var seen = await lookUp(found.Domain, cancel);
        var order = new DomainOrder.Check(caller.By, caller.Tenant, found.Name, seen);
        if (await parts.Order(order, cancel) is { } why) return AccountProblems.Of(why);
        // A first look makes keys active, and with it other records needed: what was seen, judged by that.
        return Find(domain, caller, parts) is { } now
            ? Answers.Json(DomainResponse.Of(now, DomainCheck.Judge(DnsRecords.For(now.Domain, facts.Current),
                [.. seen.Select(Answered)])), DomainAnswers.Default.DomainResponse)
            : AccountProblems.Of(AccountRefusal.UnknownDomain);
    }

    private static DnsAnswer Answered(RecordCheck check) =>
        check.Answer ?? new(check.Record.Name, check.Record.Type, check.Seen, "no answer in time");

    private static async Task<IResult> Rotate(
        string domain, HttpRequest http, Caller caller, [AsParameters] AccountParts parts, DomainSecrets secrets,
        DomainFacts facts, CancellationToken cancel)
    {
        var (request, problem) = await JsonBody.Read(
            http, DomainJson.Default.RotateDomainRequest, AccountParts.BodyBytesMax, cancel);
        if (problem is not null) return problem;
        if (Find(domain, caller, parts) is not { } found) return AccountProblems.Of(AccountRefusal.UnknownDomain);
        var algorithms = Both;
        if (request!.Algorithm is { } word)
        {
            if (Words.Parse<DkimAlgorithm>(word) is not { } one)
                return Problem.Field("algorithm", "is neither 'rsa' nor 'ed25519'");
            algorithms = [one];
        }
        var now = parts.Time.GetUtcNow();
        var limits = SendLimits.Default;
        // Before keys are made for nothing; the order is decided by the same rule.
        if (algorithms.Any(a => KeyRotation.Rotate(found.Domain, a, now, now) is RotationRefused))
            return AccountProblems.Of(AccountRefusal.NoStandbyKey);
        var why = await Order(parts, secrets, [.. algorithms.Select(NewKey.Generate)],
            made => new DomainOrder.Rotate(caller.By, caller.Tenant, found.Name, algorithms, made,
                now + limits.SendAheadMax + limits.LifeMax), cancel);
        return why is { } refusal ? AccountProblems.Of(refusal) : Answer(domain, caller, parts, facts);
    }

    private static async Task<IResult> Remove(
        string domain, Caller caller, [AsParameters] AccountParts parts, DomainSecrets secrets,
        CancellationToken cancel, string? note = null)
    {
        if (Find(domain, caller, parts) is not { } found) return AccountProblems.Of(AccountRefusal.UnknownDomain);
        if (await parts.Remove(note, why => new DomainOrder.Remove(caller.By, caller.Tenant, found.Name) { Note = why },
            cancel) is { } refusal) return Problem.Of(refusal);
        secrets.Delete([.. found.Domain.Keys.Select(k => k.SecretName)]);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// The secrets are stored before the event that names the keys. When nothing came of the order they go again; when
    /// it is not known what came of it, <c>SecretsUpkeep</c> finds out.
    /// </summary>
    private static async Task<AccountRefusal?> Order(
        AccountParts parts, DomainSecrets secrets, NewKey[] keys, Func<ImmutableArray<NewDomainKey>, DomainOrder> order,
        CancellationToken cancel)
    {
        secrets.Add(keys);
        var why = await parts.Order(order([.. keys.Select(k => new NewDomainKey(k.Algorithm, k.PublicPart))]), cancel);
        if (why is not null) secrets.Delete([.. keys.Select(k => DomainKey.SecretNameOf(k.PublicPart))]);
        return why;
    }

    private static RegisteredDomain? Find(string domain, Caller caller, AccountParts parts) =>
        DomainName.Parse(domain, out _) is { } name ? parts.Accounts.Domains.Find(name, caller.Tenant) : null;

    private static IResult Answer(
        string domain, Caller caller, AccountParts parts, DomainFacts facts, bool isNew = false)
    {
        if (Find(domain, caller, parts) is not { } found) return AccountProblems.Of(AccountRefusal.UnknownDomain);
        var (answer, type) = (DomainResponse.Of(found, facts.Current), DomainAnswers.Default.DomainResponse);
        return isNew ? Answers.Created($"/v1/domains/{found.Name}", answer, type) : Answers.Json(answer, type);
    }
}
