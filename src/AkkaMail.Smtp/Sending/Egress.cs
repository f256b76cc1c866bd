using System.Net;
using System.Runtime.CompilerServices;
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
    private readonly ConditionalWeakTable<Source, Egress> _known = [];

    public Egress Of(Source source) => _known.TryGetValue(source, out var egress) ? egress : Add(source);

    private Egress Add(Source source) => _known.GetValue(source, s => new(
        s.Name,
        s.Address ?? (s.Name == Source.DefaultName ? options.SourceAddress : null),
        s.EhloName ?? options.EhloName,
        s.Proxy is null ? null : ProxyServer.Of(s.Proxy),
        s.Smarthost));
}

/// <summary>Where a connection leads and how it goes there. Kept connections are told apart by it.</summary>
internal readonly record struct Target(Egress Egress, string Host, int Port, TlsPolicy Tls)
{
    public bool Equals(Target other) => Port == other.Port && Tls == other.Tls
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase) && Egress == other.Egress;

    public override int GetHashCode() =>
        HashCode.Combine(Egress.Name, Host.GetHashCode(StringComparison.OrdinalIgnoreCase), Port, Tls);
}
