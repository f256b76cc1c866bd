using System.Net;
using System.Net.Sockets;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// What a record lets pass with all it includes or leads on to, before anybody's address is asked about.
/// </summary>
internal sealed class SpfTree
{
    /// <summary>RFC 7208 §4.6.4: no receiver reads more than ten names, nor ten MX hosts of one.</summary>
    private const int NamesMax = 10;

    private readonly SpfLookups _dns;
    private readonly string _host;
    private readonly List<(SpfMechanism Mechanism, string Domain)> _passing = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    private SpfTree(SpfLookups dns, string host) => (_dns, _host) = (dns, host);

    /// <summary>A name server that did not answer, in words: there may be more.</summary>
    public string? Fault { get; private set; }

    /// <summary>False: some of it is no addresses (<c>exists</c>, <c>ptr</c>), or has no record.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <param name="terms">What stands in the place of the host's record.</param>
    public static async Task<SpfTree> OfAsync(SpfLookups dns, string host, SpfTerms terms)
    {
        var tree = new SpfTree(dns, host);
        await tree.ReadAsync(host, terms);
        return tree;
    }

    /// <summary>The mechanism stands somewhere in it.</summary>
    public bool Has(SpfMechanism mechanism) => _passing.Exists(p => p.Mechanism.IsSame(mechanism));

    /// <summary>
    /// The addresses it may let pass: a term before them can refuse some. Names are looked up, ten at most.
    /// </summary>
    public async Task<List<AddressRange>> RangesAsync()
    {
        var ranges = new List<AddressRange>();
        var names = 0;
        foreach (var (mechanism, domain) in _passing)
            switch (mechanism.Name)
            {
                case "ip4" or "ip6": ranges.Add(mechanism.Network!.Value.Unmapped()); break;
                case "all":
                    ranges.Add(AddressRange.All(AddressFamily.InterNetwork));
                    ranges.Add(AddressRange.All(AddressFamily.InterNetworkV6));
                    break;
                case "include": break;
                case "a" or "mx" when Name(mechanism.Domain ?? domain, domain) is { } name && names++ < NamesMax:
                    var addresses = mechanism.Name == "a" ? await AddressesAsync(name) : await ExchangesAsync(name);
                    ranges.AddRange(addresses.Select(a => AddressRange.Of(a, LengthOf(mechanism, a)).Unmapped()));
                    break;
                default: IsWhole = false; break;
            }
        return ranges;
    }

    private static int LengthOf(SpfMechanism mechanism, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? mechanism.Cidr4 : mechanism.Cidr6;

    private async Task ReadAsync(string domain, SpfTerms terms)
    {
        foreach (var mechanism in terms.Mechanisms)
        {
            if (mechanism.Result == SpfResult.Pass) _passing.Add((mechanism, domain));
            if (mechanism is { Result: SpfResult.Pass, Name: "include", Domain: { } included })
                await FollowAsync(included, domain);
            if (mechanism.Name == "all") return;   // §5.1: nothing behind it is read.
        }
        if (terms.Redirect is { } redirect) await FollowAsync(redirect, domain);
    }

    private async Task FollowAsync(string spec, string domain)
    {
        if (Name(spec, domain) is not { } name || _names.Count == NamesMax) { IsWhole = false; return; }
        if (!_names.Add(name)) return;
        var record = await _dns.Record(name);
        if (record.Terms is { } terms) await ReadAsync(name, terms);
        else if (record.Result == SpfResult.TempError) Fault ??= record.Reason;
        else IsWhole = false;
    }

    /// <summary>Null: it is another for each address.</summary>
    private string? Name(string spec, string domain) => SpfMacros.IsOfAddress(spec) ? null
        : SpfMacros.Expand(spec, IPAddress.Any, $"postmaster@{_host}", _host, domain, "unknown").TrimEnd('.');

    private async Task<IEnumerable<IPAddress>> ExchangesAsync(string name)
    {
        var hosts = Known(await _dns.Mx(name)).Select(r => r.Exchange.Value.TrimEnd('.')).Take(NamesMax).ToList();
        var addresses = new List<IPAddress>();
        foreach (var host in hosts) addresses.AddRange(await AddressesAsync(host));
        return addresses;
    }

    private async Task<IEnumerable<IPAddress>> AddressesAsync(string name)
    {
        var (four, six) = (_dns.A(name), _dns.Aaaa(name));   // Together: a silent name costs its time once.
        return Known(await four).Concat(Known(await six)).Select(r => r.Address);
    }

    private IReadOnlyList<T> Known<T>(DnsReply<T> reply)
    {
        if (reply.Outcome == DnsOutcome.Fault) Fault ??= reply.Problem;
        return reply.Records;
    }
}
