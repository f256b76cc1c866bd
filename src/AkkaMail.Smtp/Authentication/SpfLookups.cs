using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Resolving;
using DnsClient.Protocol;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// The SPF record of a name; without <paramref name="Terms"/> there is none that can be used:
/// <paramref name="Result"/> and <paramref name="Reason"/> say why.
/// </summary>
internal sealed record SpfPublished(SpfTerms? Terms, SpfResult Result, string Reason);

/// <summary>
/// What DNS says while one domain is judged, for an address or for a thousand of them: each question is asked once, and
/// each record read once. Not for two questions of one type at a time.
/// </summary>
internal sealed class SpfLookups(DnsQueries dns)
{
    private readonly Dictionary<string, SpfPublished> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DnsReply<AddressRecord>> _a = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DnsReply<AddressRecord>> _aaaa = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DnsReply<MxRecord>> _mx = new(StringComparer.OrdinalIgnoreCase);

    public Task<SpfPublished> Record(string name) => Once(_records, name, ReadAsync);
    public Task<DnsReply<AddressRecord>> A(string name) => Once(_a, name, dns.A);
    public Task<DnsReply<AddressRecord>> Aaaa(string name) => Once(_aaaa, name, dns.Aaaa);
    public Task<DnsReply<MxRecord>> Mx(string name) => Once(_mx, name, dns.Mx);
    public Task<DnsReply<PtrRecord>> Ptr(System.Net.IPAddress address) => dns.Ptr(address);

    private static async Task<T> Once<T>(Dictionary<string, T> known, string name, Func<string, Task<T>> ask)
    {
        if (!known.TryGetValue(name, out var answer)) known[name] = answer = await ask(name);
        return answer;
    }

    private async Task<SpfPublished> ReadAsync(string name)
    {
        var reply = await dns.Txt(name);
        if (reply.Outcome == DnsOutcome.Fault) return new(null, SpfResult.TempError, reply.Problem!);
        var records = reply.Records.Select(r => string.Concat(r.Text)).Where(SpfRecord.Is).ToList();
        if (records.Count == 0) return new(null, SpfResult.None, "no SPF record");
        if (records.Count > 1) return new(null, SpfResult.PermError, $"{name} has {records.Count} SPF records");
        return SpfTerms.Parse(records[0]) is { } terms ? new(terms, SpfResult.Neutral, "")
            : new(null, SpfResult.PermError, $"{name}'s record cannot be read");
    }
}
