using System.Collections.Concurrent;
using System.Net;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Smtp.Sending;

/// <summary>
/// What of a source makes its connections what they are: equal ones share kept connections, and a reload that changes
/// anything here leaves the old ones to grow old.
/// </summary>
internal sealed record Egress(
    string Name, IPAddress? Address, string EhloName, ProxyServer? Proxy, Smarthost? Smarthost)
{
    /// <summary>A proxy connects for us, whatever the family of the address we reach it from.</summary>
    public bool CanReach(IPAddress to) =>
        Proxy is not null || Address is null || Address.AddressFamily == to.AddressFamily;

    /// <summary>
    /// What a story shows: an operator knows sources by name; the default one is just the address a connection has, or
    /// would have had.
    /// </summary>
    public string? Shown(IPAddress? local = null) =>
        Name == Source.DefaultName ? (local ?? Address)?.ToString() : Name;
}

/// <summary>The egress of each source, made once: the rules hand out the same source until they are reloaded.</summary>
internal sealed class Egresses(SendingOptions options)
{
    /// <summary>Names come from a file: over many reloads there could be this many, and then it starts anew.</summary>
    private const int NamesMax = 10_000;

    private readonly ConcurrentDictionary<string, (Source Source, Egress Egress)> _known = new(StringComparer.Ordinal);

    public Egress Of(Source source) =>
        _known.TryGetValue(source.Name, out var known) && ReferenceEquals(known.Source, source) ? known.Egress
            : Add(source, known.Egress);

    private Egress Add(Source source, Egress? before)
    {
        var egress = new Egress(
            source.Name,
            source.Address ?? (source.Name == Source.DefaultName ? options.SourceAddress : null),
            source.EhloName ?? options.EhloName,
            source.Proxy is null ? null : ProxyServer.Of(source.Proxy),
            source.Smarthost);
        if (_known.Count >= NamesMax) _known.Clear();
        if (egress == before) egress = before;   // Nothing of it has changed: one object to compare by reference.
        _known[source.Name] = (source, egress);
        return egress;
    }
}

/// <summary>Where a connection leads and how it goes there. Kept connections are told apart by it.</summary>
internal readonly record struct Target(Egress Egress, string Host, int Port, TlsPolicy Tls)
{
    public bool Equals(Target other) => Port == other.Port && Tls == other.Tls
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase) && Egress == other.Egress;

    public override int GetHashCode() =>
        HashCode.Combine(Egress.Name, Host.GetHashCode(StringComparison.OrdinalIgnoreCase), Port, Tls);
}
