using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Mail;
using AkkaMail.Smtp.Resolving;

namespace AkkaMail.Smtp.Authentication;

/// <summary>
/// check_host of RFC 7208 for one connection, with its bounds: ten terms that ask DNS, two answers without records.
/// The explanation (exp=) is not fetched: it is text of a stranger for a stranger.
/// </summary>
internal sealed class SpfCheck
{
    /// <summary>§4.6.4.</summary>
    private const int LookupsMax = 10, VoidMax = 2, HostsMax = 10;

    private readonly DnsQueries _dns;
    private readonly IPAddress _address;
    private readonly string _helo, _sender;
    private int _lookups, _voids;

    private SpfCheck(DnsQueries dns, IPAddress address, string helo, string sender) =>
        (_dns, _address, _helo, _sender) =
            (dns, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, helo, sender);

    public static async Task<SpfVerdict> RunAsync(DnsQueries dns, Arrival arrival)
    {
        var at = arrival.MailFrom.LastIndexOf('@');
        // §2.4: a bounce is checked by its HELO name; §4.3: no local part is postmaster's.
        var domain = at < 0 ? arrival.Helo : arrival.MailFrom[(at + 1)..];
        var sender = at > 0 ? arrival.MailFrom : $"postmaster@{domain}";
        if (Core.Mail.Mailbox.ToAscii(domain.TrimEnd('.')) is not { } ascii)
            return new(SpfResult.None, domain, "no domain name");
        try
        {
            var (result, reason) = await new SpfCheck(dns, arrival.Address, arrival.Helo, sender).CheckAsync(ascii);
            return new(result, ascii, reason);
        }
        catch (SpfException e) { return new(e.Result, ascii, e.Message); }
    }

    private async Task<(SpfResult, string)> CheckAsync(string domain)
    {
        var reply = await _dns.Txt(domain);
        if (reply.Outcome == DnsOutcome.Fault) throw new SpfException(SpfResult.TempError, reply.Problem!);
        var records = reply.Records.Select(r => string.Concat(r.Text)).Where(SpfRecord.Is).ToList();
        if (records.Count == 0) return (SpfResult.None, "no SPF record");
        if (records.Count > 1) throw Error($"{domain} has {records.Count} SPF records");
        if (SpfTerms.Parse(records[0]) is not { } terms) throw Error($"{domain}'s record cannot be read");
        foreach (var mechanism in terms.Mechanisms)
            if (await MatchesAsync(mechanism, domain))
                return (mechanism.Result, $"{mechanism.Name} of {domain}");
        if (terms.Redirect is not { } redirect) return (SpfResult.Neutral, $"nothing of {domain} matches");
        Count();
        var result = await CheckAsync(await ExpandAsync(redirect, domain));
        // §6.1
        return result.Item1 == SpfResult.None ? throw Error($"redirect of {domain} leads nowhere") : result;
    }

    private async Task<bool> MatchesAsync(SpfMechanism mechanism, string domain)
    {
        if (mechanism.Name == "all") return true;
        if (mechanism.Name is "ip4" or "ip6") return IsIn(IPAddress.Parse(mechanism.Domain!), mechanism);
        Count();
        var name = mechanism.Domain is null ? domain : await ExpandAsync(mechanism.Domain, domain);
        return mechanism.Name switch
        {
            "include" => await IncludesAsync(name),
            "a" => (await AddressesAsync(name, countsVoid: true)).Any(a => IsIn(a, mechanism)),
            "mx" => await MxMatchesAsync(name, mechanism),
            "exists" => (await Ask(_dns.A(name))).Records.Count > 0,
            _ => (await ValidatedAsync()).Exists(n => IsBelow(n, name)),
        };
    }

    /// <summary>§5.2: only "pass" is a match, and a name without a record is the including one's mistake.</summary>
    private async Task<bool> IncludesAsync(string name)
    {
        var (result, _) = await CheckAsync(name);
        return result == SpfResult.None ? throw Error($"include of {name}, which has no record")
            : result == SpfResult.Pass;
    }

    private async Task<bool> MxMatchesAsync(string name, SpfMechanism mechanism)
    {
        var hosts = (await Ask(_dns.Mx(name))).Records.Select(r => r.Exchange.Value.TrimEnd('.')).ToList();
        if (hosts.Count > HostsMax) throw Error($"{name} has more than {HostsMax} MX hosts");
        foreach (var host in hosts)
            if ((await AddressesAsync(host, countsVoid: false)).Any(a => IsIn(a, mechanism))) return true;
        return false;
    }

    /// <summary>§5.5: names of the address that lead back to it. A fault here is no match.</summary>
    private async Task<List<string>> ValidatedAsync()
    {
        var names = new List<string>();
        foreach (var record in (await _dns.Ptr(_address)).Records.Take(HostsMax))
        {
            var name = record.PtrDomainName.Value.TrimEnd('.');
            var back = IsFour ? await _dns.A(name) : await _dns.Aaaa(name);
            if (back.Records.Any(r => r.Address.Equals(_address))) names.Add(name);
        }
        return names;
    }

    private async Task<string> ExpandAsync(string spec, string domain)
    {
        var validated = "unknown";
        if (spec.Contains("%{p", StringComparison.OrdinalIgnoreCase))
        {
            var names = await ValidatedAsync();
            validated = names.Find(n => n.Equals(domain, StringComparison.OrdinalIgnoreCase))
                ?? names.Find(n => IsBelow(n, domain)) ?? names.FirstOrDefault() ?? "unknown";
        }
        return SpfMacros.Expand(spec, _address, _sender, _helo, domain, validated).TrimEnd('.');
    }

    private bool IsFour => _address.AddressFamily == AddressFamily.InterNetwork;

    private async Task<IEnumerable<IPAddress>> AddressesAsync(string name, bool countsVoid)
    {
        var question = IsFour ? _dns.A(name) : _dns.Aaaa(name);
        return (await (countsVoid ? Ask(question) : question)).Records.Select(r => r.Address);
    }

    private async Task<DnsReply<T>> Ask<T>(Task<DnsReply<T>> question)
    {
        var reply = await question;
        if (reply.Outcome == DnsOutcome.Fault) throw new SpfException(SpfResult.TempError, reply.Problem!);
        if (reply.Records.Count == 0 && ++_voids > VoidMax) throw Error($"over {VoidMax} look-ups without records");
        return reply;
    }

    private void Count()
    {
        if (++_lookups > LookupsMax) throw Error($"over {LookupsMax} terms that ask DNS");
    }

    private bool IsIn(IPAddress network, SpfMechanism mechanism)
    {
        if (network.AddressFamily != _address.AddressFamily) return false;
        var bits = IsFour ? mechanism.Cidr4 : mechanism.Cidr6;
        var (a, b) = (network.GetAddressBytes(), _address.GetAddressBytes());
        for (var i = 0; i < a.Length && bits > 0; i++, bits -= 8)
            if ((a[i] ^ b[i]) >> Math.Max(0, 8 - bits) != 0) return false;
        return true;
    }

    private static bool IsBelow(string name, string domain) =>
        name.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static SpfException Error(string reason) => new(SpfResult.PermError, reason);
}

/// <summary>Ends an evaluation from within any depth of includes.</summary>
internal sealed class SpfException(SpfResult result, string reason) : Exception(reason)
{
    public SpfResult Result => result;
}
