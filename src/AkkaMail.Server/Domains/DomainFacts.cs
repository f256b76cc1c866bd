using System.Net;
using System.Net.Sockets;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Shaping;
using AkkaMail.Server.Options;
using AkkaMail.Server.Rules;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Domains;

/// <summary>What this installation has to say in its domains' records, as the settings are now.</summary>
internal sealed class DomainFacts(
    IOptions<DomainsOptions> domains, IOptions<DeliveryOptions> delivery, IOptions<AkkaMailOptions> options,
    ShapingFile shaping)
{
    public string EhloName => delivery.Value.EhloName ?? Dns.GetHostName();

    public InstallationFacts Current => new(
        [.. SpfTerms()], domains.Value.ReturnPathMx ?? EhloName, domains.Value.TrackingHost ?? PublicHost ?? EhloName,
        domains.Value.DmarcReports)
    {
        TlsReports = domains.Value.TlsReports,
    };

    /// <summary>Every address mail leaves from that is written down, with the name said there.</summary>
    public IEnumerable<(IPAddress Address, string EhloName)> Sources()
    {
        var own = delivery.Value.SourceAddress is { } text ? IPAddress.Parse(text) : null;
        return shaping.Current.Sources.Values.Where(s => s.Smarthost is null)
            .Select(s => (Address: s.Address ?? (s.Proxy is null ? own : null), Name: s.EhloName ?? EhloName))
            .Append((Address: own, Name: EhloName))
            .Where(s => s.Address is not null && !IPAddress.IsLoopback(s.Address))
            .Select(s => (Address: s.Address!, EhloName: s.Name)).DistinctBy(s => s.Address);
    }

    /// <summary>The name of our source with this address, if it is one that is written down.</summary>
    public string? SourceAt(IPAddress address)
    {
        foreach (var source in shaping.Current.Sources.Values)
            if (address.Equals(source.Address)) return source.Name;
        return delivery.Value.SourceAddress is { } own && address.Equals(IPAddress.Parse(own))
            ? Source.DefaultName : null;
    }

    private IEnumerable<string> SpfTerms()
    {
        if (DomainsOptions.Terms(domains.Value.SpfTerms) is { Length: > 0 } given) return given;
        var terms = Sources().Select(s =>
            $"{(s.Address.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip4")}:{s.Address}").ToList();
        // Where the system chooses the address, the name it says in EHLO is the best there is.
        return terms.Count > 0 ? terms : [$"a:{EhloName}"];
    }

    private string? PublicHost =>
        Uri.TryCreate(options.Value.PublicUrl, UriKind.Absolute, out var url) && url.HostNameType == UriHostNameType.Dns
            ? url.IdnHost : null;
}
