using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using AkkaMail.Core.Domains;
using DnsClient.Protocol;

namespace AkkaMail.Smtp.Resolving;

/// <summary>What DNS has of a sending domain and of our addresses. Every outcome is a value.</summary>
/// <param name="sources">Evaluates SPF; null: it is compared by its words.</param>
public sealed class DomainLookups(ResolverOptions options, AskSources? sources = null)
{
    /// <summary>Names of one address that are looked up; a real one has one.</summary>
    private const int NamesMax = 10;

    private readonly DnsQueries _dns = new(options);

    /// <summary>Looks all records up, and says of each how it stands.</summary>
    public async Task<ImmutableArray<RecordCheck>> CheckAsync(SendingDomain domain, InstallationFacts facts)
    {
        var records = DnsRecords.For(domain, facts);
        var answers = await WithAboveAsync(domain, await AskAsync(records));
        var spf = answers.FirstOrDefault(a => a.Type == RecordType.Txt && a.Name == domain.ReturnPathHost);
        if (sources is null || spf is null || spf.Values.Count(SpfRecord.Is) != 1)
            return DomainCheck.Judge(records, answers);
        var evaluated = spf with { Sources = await sources(domain.ReturnPathHost, facts.SpfTerms) };
        return DomainCheck.Judge(records, answers.Replace(spf, evaluated));
    }

    /// <summary>RFC 7489 §6.6.3: where a domain has no DMARC record, its organization's holds for it.</summary>
    private async Task<ImmutableArray<DnsAnswer>> WithAboveAsync(
        SendingDomain domain, ImmutableArray<DnsAnswer> answers)
    {
        var organization = OrganizationalDomain.Of(domain.Name);
        var own = answers.FirstOrDefault(a => a.Type == RecordType.Txt && a.Name == $"_dmarc.{domain.Name}");
        if (organization == domain.Name || own is null or { Fault: not null } || DmarcRecord.In(own).Count > 0)
            return answers;
        return answers.Replace(own, own with { Above = await AskAsync($"_dmarc.{organization}", RecordType.Txt) });
    }

    public async Task<ImmutableArray<DnsAnswer>> AskAsync(IEnumerable<DnsRecord> records)
    {
        var questions = records.Select(r => (r.Name, r.Type)).Distinct().ToList();
        return [.. await Task.WhenAll(questions.Select(q => AskAsync(q.Name, q.Type)))];
    }

    /// <summary>
    /// The reverse names of a source, and which of them leads back to it: what receivers call forward-confirmed.
    /// </summary>
    public async Task<SourceFacts> ReverseAsync(IPAddress address, string ehloName)
    {
        var names = Answer(address.ToString(), RecordType.Reverse, await _dns.Ptr(address),
            r => r.PtrDomainName.Value.TrimEnd('.').ToLowerInvariant());
        if (names.Fault is not null) return new(address.ToString(), ehloName, null, null);
        foreach (var name in names.Values.Take(NamesMax))
        {
            var type = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
                ? RecordType.Aaaa : RecordType.A;
            var back = await AskAsync(name, type);
            if (back.Values.Contains(address.ToString())) return new(address.ToString(), ehloName, names.Values, name);
        }
        return new(address.ToString(), ehloName, names.Values, null);
    }

    private async Task<DnsAnswer> AskAsync(string name, RecordType type) => type switch
    {
        RecordType.Txt => Answer(name, type, await _dns.Txt(name), r => string.Concat(r.Text)),
        RecordType.Mx => Answer(name, type, await _dns.Mx(name),
            r => string.Create(CultureInfo.InvariantCulture, $"{r.Preference} {r.Exchange.Value}")),
        RecordType.Cname => Answer(name, type, await _dns.Cname(name), r => r.CanonicalName.Value),
        RecordType.A => Answer(name, type, await _dns.A(name), r => r.Address.ToString()),
        RecordType.Aaaa => Answer(name, type, await _dns.Aaaa(name), r => r.Address.ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static DnsAnswer Answer<T>(string name, RecordType type, DnsReply<T> reply, Func<T, string> value)
        where T : DnsResourceRecord =>
        new(name, type, [.. reply.Records.Select(value)], reply.Outcome == DnsOutcome.Fault ? reply.Problem : null);
}
