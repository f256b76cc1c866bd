using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DnsClient.Protocol;

namespace AkkaMail.Smtp.Resolving;

/// <summary>
/// Finds the hosts of a domain (RFC 5321 §5.1) and their addresses, and remembers both. Every outcome is a value.
/// <paramref name="chance"/> gives a number from 0 up to, not including, its argument.
/// </summary>
public sealed class MxResolver(ResolverOptions options, TimeProvider time, Func<int, int> chance)
{
    private readonly DnsQueries _dns = new(options);
    private readonly bool _hasIPv6 = DnsQueries.HasIPv6Route();
    private readonly TtlCache<Exchanges> _domains = new(options.CacheMax, time);
    private readonly TtlCache<HostAddresses> _hosts = new(options.CacheMax, time);

    private sealed record Exchange(int Preference, string Host);

    /// <summary>What is cached of a domain: its hosts by preference, or why it has none.</summary>
    private sealed record Exchanges(ImmutableArray<Exchange> Hosts, NoRoute? NoRoute, bool IsImplicit = false);

    /// <summary>
    /// The way for <paramref name="domain"/> (A-labels), the hosts of one preference in random order each time.
    /// </summary>
    public async ValueTask<MxAnswer> ResolveAsync(string domain, CancellationToken cancel)
    {
        var (found, _) = await _domains.GetAsync(domain, AskDomain, cancel);
        return found.NoRoute is { } none ? none : new MxPlan(Shuffle(found.Hosts));
    }

    /// <summary>The hosts that make a domain's site; the same answer that its mail's way is planned by.</summary>
    public async ValueTask<DomainHosts> ExchangesAsync(string domain, CancellationToken cancel)
    {
        var (found, until) = await _domains.GetAsync(domain, AskDomain, cancel);
        return new([.. found.Hosts.Select(e => e.Host)], found.NoRoute, until, found.IsImplicit);
    }

    public async ValueTask<HostAddresses> AddressesAsync(string host, CancellationToken cancel) =>
        (await _hosts.GetAsync(host, AskHost, cancel)).Value;

    private async Task<Timed<Exchanges>> AskDomain(string domain)
    {
        var reply = await _dns.Mx(domain);
        return reply.Outcome switch
        {
            DnsOutcome.Records => new(FromRecords(reply.Records), Clamp(reply.Ttl)),
            DnsOutcome.NoData => await AskImplicit(domain),
            DnsOutcome.NoDomain => new(new([], NoRoute.NoDomain), options.NegativeTtl),
            _ => new(new([], NoRoute.Fault(reply.Problem!)), options.FaultTtl),
        };
    }

    private Exchanges FromRecords(IReadOnlyList<MxRecord> records)
    {
        var all = records.Select(r => new Exchange(r.Preference, r.Exchange.Value.TrimEnd('.').ToLowerInvariant()));
        var real = all.Where(e => e.Host.Length > 0).OrderBy(e => e.Preference).DistinctBy(e => e.Host).ToList();
        // RFC 7505 §3; a "." beside real hosts is a mistake, not a refusal.
        if (real.Count == 0) return new([], NoRoute.NullMx);
        // RFC 5321 §5.1: from our own preference on, hosts would only bring the mail back to us.
        var own = real.FirstOrDefault(e => IsOwn(e.Host))?.Preference;
        var useful = real.Where(e => own is null || e.Preference < own).ToImmutableArray();
        return useful.IsEmpty ? new([], NoRoute.Loop) : new(useful, null);
    }

    /// <summary>RFC 5321 §5.1: without MX the domain itself is its only host, if it has an address.</summary>
    private async Task<Timed<Exchanges>> AskImplicit(string domain)
    {
        if (IsOwn(domain)) return new(new([], NoRoute.Loop), options.NegativeTtl);
        var host = await AskHost(domain);
        if (host.Value.Addresses.Length > 0) return new(new([new(0, domain)], null, IsImplicit: true), host.Ttl);
        return host.Value.NoRoute == NoAddress ? new(new([], NoRoute.NoAddress), options.NegativeTtl)
            : new(new([], host.Value.NoRoute), host.Ttl);
    }

    private static readonly NoRoute
        NoAddress = NoRoute.Fault("The host has no address"),
        OwnAddress = NoRoute.Fault("The host's address is our own: mail would loop");

    private async Task<Timed<HostAddresses>> AskHost(string host)
    {
        // RFC 5321 §5.1 wants a name here; some publish the address itself, and it is judged like any other.
        if (IPAddress.TryParse(host, out var literal)) return new(Judge([literal], 1), options.NegativeTtl);
        var four = await _dns.A(host);
        // Without a route AAAA could only fail; it is asked for when there is nothing else.
        var six = _hasIPv6 || four.Outcome is not DnsOutcome.Records ? await _dns.Aaaa(host) : null;
        IEnumerable<AddressRecord> records = six is null ? four.Records : [.. six.Records, .. four.Records];
        // Half of the tries at most go to IPv6 when there is IPv4: a broken tunnel must not use them all up.
        var v6Max = four.Records.Count > 0 ? Math.Max(1, options.AddressesMax / 2) : options.AddressesMax;
        var found = Judge(records.Select(r => r.Address), v6Max);
        if (found.Addresses.Length > 0) return new(found, Clamp(Least(four, six)));
        if (found.NoRoute != NoAddress) return new(found, options.NegativeTtl);
        var problem = four.Problem ?? six?.Problem;
        return problem is null ? new(found, options.NegativeTtl)
            : new(new([], NoRoute.Fault(problem)), options.FaultTtl);
    }

    /// <summary>Which of a host's addresses are gone to, or why none is.</summary>
    private HostAddresses Judge(IEnumerable<IPAddress> addresses, int v6Max)
    {
        var all = addresses.Distinct().ToList();
        var foreign = all.Where(a => !options.OwnAddresses.Contains(a)).ToList();
        var open = foreign.Where(options.Guard.Allows).ToList();
        var sixes = open.Where(a => a.AddressFamily == AddressFamily.InterNetworkV6).Take(v6Max);
        var useful = sixes.Concat(open.Where(a => a.AddressFamily == AddressFamily.InterNetwork))
            .Take(options.AddressesMax).ToImmutableArray();
        return new(useful, useful.Length > 0 ? null
            : foreign.Count > 0 ? NoRoute.Forbidden(foreign[0], options.Guard.Why(foreign[0])!)
            : all.Count > 0 ? OwnAddress : NoAddress);
    }

    private static TimeSpan Least(DnsReply<AddressRecord> four, DnsReply<AddressRecord>? six) =>
        six is not { Outcome: DnsOutcome.Records } ? four.Ttl
        : four.Outcome is not DnsOutcome.Records || six.Ttl < four.Ttl ? six.Ttl : four.Ttl;

    private bool IsOwn(string host) => options.OwnHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private TimeSpan Clamp(TimeSpan ttl) =>
        ttl < options.TtlMin ? options.TtlMin : ttl > options.TtlMax ? options.TtlMax : ttl;

    /// <summary>RFC 5321 §5.1: lowest preference first, equal ones at random so that load spreads.</summary>
    private ImmutableArray<string> Shuffle(ImmutableArray<Exchange> exchanges)
    {
        if (exchanges.Length == 1) return [exchanges[0].Host];
        var order = exchanges.ToArray();
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && order[end].Preference == order[start].Preference;) end++;
            for (var i = end - 1; i > start; i--)
            {
                var j = start + chance(i - start + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
        }
        return [.. order.Take(options.HostsMax).Select(e => e.Host)];
    }
}
