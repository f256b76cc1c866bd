using System.Collections.Immutable;
using System.Net;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// Asks the same check_host that judges incoming mail whether our sources pass a domain's SPF record, so that it is right
/// however it is written.
/// </summary>
public sealed class SpfSources(ResolverOptions options)
{
    /// <summary>Addresses that are asked about; an installation of more has their networks in its terms.</summary>
    private const int AddressesMax = 50;

    private readonly DnsQueries _dns = new(options);

    /// <summary>As <see cref="AskSources"/>.</summary>
    public async Task<ImmutableArray<SourceVerdict>> AskAsync(string host, ImmutableArray<string> terms)
    {
        var verdicts = ImmutableArray.CreateBuilder<SourceVerdict>();
        foreach (var term in terms)
            foreach (var address in await AddressesAsync(term))
            {
                if (verdicts.Count == AddressesMax) return verdicts.ToImmutable();
                var spf = await SpfCheck.RunAsync(_dns, new(address, host, $"postmaster@{host}"));
                verdicts.Add(new(term, address.ToString(), spf.Result switch
                {
                    SpfResult.Pass => SourceOutcome.Passes,
                    SpfResult.TempError => SourceOutcome.Unknown,
                    SpfResult.PermError => SourceOutcome.Error,
                    _ => SourceOutcome.Refused,
                }, spf.Reason));
            }
        return verdicts.ToImmutable();
    }

    /// <summary>
    /// Of a network its first, middle and last address: a record that allows these mostly allows all between them.
    /// </summary>
    private async Task<IEnumerable<IPAddress>> AddressesAsync(string term)
    {
        if (SpfTerms.Parse($"v=spf1 {term}") is not { Mechanisms: [{ Result: SpfResult.Pass } mechanism] }) return [];
        return mechanism.Name switch
        {
            "ip4" => Of(IPAddress.Parse(mechanism.Domain!), mechanism.Cidr4),
            "ip6" => Of(IPAddress.Parse(mechanism.Domain!), mechanism.Cidr6),
            "a" when mechanism.Domain is { } name => (await _dns.A(name)).Records
                .Concat((await _dns.Aaaa(name)).Records).Select(r => r.Address),
            _ => [],
        };
    }

    private static IEnumerable<IPAddress> Of(IPAddress network, int bits)
    {
        var first = network.GetAddressBytes();
        if (bits == first.Length * 8) return [network];
        var (middle, last) = (first.ToArray(), first.ToArray());
        for (var bit = 0; bit < first.Length * 8; bit++)
        {
            var (at, mask) = (bit / 8, (byte)(0x80 >> (bit % 8)));
            if (bit < bits) continue;
            first[at] &= (byte)~mask;
            last[at] |= mask;
            middle[at] = bit == bits ? (byte)(middle[at] | mask) : (byte)(middle[at] & ~mask);
        }
        return [new(first), new(middle), new(last)];
    }
}
