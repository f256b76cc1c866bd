using System.Net;
using System.Net.Sockets;
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

    private readonly SpfLookups _dns;
    private readonly IPAddress _address;
    private readonly UInt128 _value;
    private readonly string _helo, _sender;
    private AddressRange _holds;
    private int _lookups, _voids;
    private bool _isOfAddress;

    private SpfCheck(SpfLookups dns, IPAddress address, string helo, string sender) =>
        (_dns, _address, _value, _holds, _helo, _sender) = (dns, address, AddressRange.ValueOf(address),
            AddressRange.All(address.AddressFamily), helo, sender);

    public static async Task<SpfVerdict> RunAsync(DnsQueries dns, Arrival arrival)
    {
        var at = arrival.MailFrom.LastIndexOf('@');
        // §2.4: a bounce is checked by its HELO name; §4.3: no local part is postmaster's.
        var domain = at < 0 ? arrival.Helo : arrival.MailFrom[(at + 1)..];
        var sender = at > 0 ? arrival.MailFrom : $"postmaster@{domain}";
        if (Core.Mail.Mailbox.ToAscii(domain.TrimEnd('.')) is not { } ascii)
            return new(SpfResult.None, domain, "no domain name");
        var address = arrival.Address.IsIPv4MappedToIPv6 ? arrival.Address.MapToIPv4() : arrival.Address;
        var judged = await new SpfCheck(new(dns), address, arrival.Helo, sender).JudgeAsync(ascii, null);
        return new(judged.Result, ascii, judged.Reason);
    }

    /// <summary>As for a mail from the domain's postmaster.</summary>
    /// <param name="terms">What stands in the place of the domain's record; null: that.</param>
    public static Task<SpfJudged> JudgeAsync(SpfLookups dns, IPAddress address, string domain, SpfTerms? terms) =>
        new SpfCheck(dns, address, domain, $"postmaster@{domain}").JudgeAsync(domain, terms);

    private async Task<SpfJudged> JudgeAsync(string domain, SpfTerms? terms)
    {
        var (result, reason) = (SpfResult.None, "");
        try { (result, reason) = await (terms is null ? CheckAsync(domain) : CheckAsync(domain, terms)); }
        catch (SpfException e) { (result, reason) = (e.Result, e.Message); }
        return new(result, reason, _isOfAddress ? _holds with { First = _value, Last = _value } : _holds, _isOfAddress);
    }

    private async Task<(SpfResult, string)> CheckAsync(string domain)
    {
        var record = await _dns.Record(domain);
        return record.Terms is { } terms ? await CheckAsync(domain, terms)
            : record.Result == SpfResult.None ? (record.Result, record.Reason)
            : throw new SpfException(record.Result, record.Reason);
    }

    private async Task<(SpfResult, string)> CheckAsync(string domain, SpfTerms terms)
    {
        foreach (var mechanism in terms.Mechanisms)
            if (mechanism.Network is { } network ? IsIn(network) : await MatchesAsync(mechanism, domain))
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
        Count();
        var name = mechanism.Domain is null ? domain : await ExpandAsync(mechanism.Domain, domain);
        return mechanism.Name switch
        {
            "include" => await IncludesAsync(name),
            "a" => (await AddressesAsync(name, countsVoid: true)).Any(a => IsIn(NetworkOf(a, mechanism))),
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
            if ((await AddressesAsync(host, countsVoid: false)).Any(a => IsIn(NetworkOf(a, mechanism)))) return true;
        return false;
    }

    /// <summary>§5.5: names of the address that lead back to it. A fault here is no match.</summary>
    private async Task<List<string>> ValidatedAsync()
    {
        _isOfAddress = true;
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
        _isOfAddress |= SpfMacros.IsOfAddress(spec);
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

    /// <summary>An answer for this address is one for all that no network so far tells apart from it.</summary>
    private bool IsIn(AddressRange network)
    {
        if (network.Family != _address.AddressFamily) return false;
        _holds = _holds.Beside(_value, network);
        return network.Contains(_value);
    }

    private static AddressRange NetworkOf(IPAddress address, SpfMechanism mechanism) => AddressRange.Of(address,
        address.AddressFamily == AddressFamily.InterNetwork ? mechanism.Cidr4 : mechanism.Cidr6);

    private static bool IsBelow(string name, string domain) =>
        name.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static SpfException Error(string reason) => new(SpfResult.PermError, reason);
}

/// <summary>
/// What check_host says of an address. <paramref name="Holds"/> are those it says the same of, since no term that was
/// evaluated tells them apart; the address alone when one <paramref name="IsOfAddress"/>, as <c>ptr</c> or <c>%{i}</c>.
/// </summary>
internal sealed record SpfJudged(SpfResult Result, string Reason, AddressRange Holds, bool IsOfAddress);

/// <summary>Ends an evaluation from within any depth of includes.</summary>
internal sealed class SpfException(SpfResult result, string reason) : Exception(reason)
{
    public SpfResult Result => result;
}
