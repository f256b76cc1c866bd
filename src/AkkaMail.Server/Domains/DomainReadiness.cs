using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Domains;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Options;
using AkkaMail.Smtp.Resolving;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Messages;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Domains;

/// <summary>Gathers what the bulk-sender rules are judged by: DNS now, and what was delivered lately.</summary>
internal sealed class DomainReadiness(
    AccountsView accounts, LookUpDomain lookUp, DomainLookups dns, DomainFacts facts, MessageGenerations read,
    ReportStore reports, IOptions<AkkaMailOptions> options, TimeProvider time)
{
    /// <summary>
    /// Sources whose reverse names are looked up; with more an installation has tools of its own for that.
    /// </summary>
    private const int SourcesMax = 100;

    private const int Days = 7;

    /// <summary>Sources of a day told apart: those that send least are seldom ours.</summary>
    private const int SourcesTold = 500;

    public async Task<ImmutableArray<RuleCheck>> Check(RegisteredDomain domain, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var delivered = await read.Current.Delivered(domain.Name, today.AddDays(-Days), cancel);
        var records = await lookUp(domain.Domain, cancel);
        return Readiness.Check(new(
            records, PolicyOf(records), domain.Domain.SigningAt(now).Any(),
            domain.Standing != DomainStanding.Unverified, await Sources(), OneClick(domain.Tenant),
            delivered.All, delivered.ByTls, delivered.Complaints)
        {
            Reported = await Reported(domain, today, cancel),
        });
    }

    private async Task<ReportedFacts?> Reported(RegisteredDomain domain, DateOnly today, CancellationToken cancel)
    {
        var days = await reports.Dmarc(domain.Tenant, domain.Name, today.AddDays(-Days), today, SourcesTold, cancel);
        if (days.IsEmpty) return null;
        var all = days.SelectMany(d => d.Sources).ToList();
        var ours = all.FindAll(s => IPAddress.TryParse(s.SourceIp, out var ip) && facts.SourceAt(ip) is not null);
        return new(all.Sum(s => s.Mails), all.Sum(s => s.Passed), ours.Sum(s => s.Mails), ours.Sum(s => s.Passed));
    }

    /// <summary>What does not depend on a domain.</summary>
    public async Task<ImmutableArray<RuleCheck>> CheckSources() => [.. (await Sources()).Select(Readiness.ReverseName)];

    private async Task<ImmutableArray<SourceFacts>> Sources() => [.. await Task.WhenAll(
        facts.Sources().Take(SourcesMax).Select(s => dns.ReverseAsync(s.Address, s.EhloName)))];

    /// <summary>Whether every stream of newsletters offers it; null: the tenant has none.</summary>
    private bool? OneClick(string tenant) =>
        accounts.Current?.Tenants.GetValueOrDefault(tenant)?.Streams.Values
            .Where(s => s.Kind == StreamKind.Broadcast).ToList() is { Count: > 0 } streams
            ? DomainIdentity.HasLinks(options.Value.PublicUrl) && streams.TrueForAll(s => s.Unsubscribe) : null;

    private static string? PolicyOf(ImmutableArray<RecordCheck> records) =>
        records.FirstOrDefault(r => r.Record.Purpose == RecordPurpose.Dmarc)?.Policy;
}
