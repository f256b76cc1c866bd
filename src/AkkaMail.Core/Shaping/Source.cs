using System.Collections.Immutable;
using System.Net;

namespace AkkaMail.Core.Shaping;

/// <summary>
/// An egress: an IP address with its EHLO name, or a smarthost (then mail goes there whatever its domain, and the
/// source has one lane, to the site <c>smarthost</c>).
/// </summary>
public sealed record Source
{
    /// <summary>The source used when none is configured: the system chooses its address.</summary>
    public const string DefaultName = "default";

    public required string Name { get; init; }

    /// <summary>Local address connections leave from; null lets the system (or the proxy) choose.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>RFC 5321 §4.1.1.1; null takes <c>AkkaMail:Delivery:EhloName</c>.</summary>
    public string? EhloName { get; init; }

    /// <summary>The node (<c>AkkaMail:Cluster:Node</c>) that has the address; null: every node may use it.</summary>
    public string? Node { get; init; }

    /// <summary>
    /// <c>socks5://[user:password@]host:port</c> or <c>http://…</c> (CONNECT); null connects directly.
    /// </summary>
    public Uri? Proxy { get; init; }

    public Smarthost? Smarthost { get; init; }

    /// <summary>Overrides for everything this source sends; then by provider, then by domain.</summary>
    public Limits Limits { get; init; } = Limits.None;
    public ImmutableDictionary<string, Limits> Providers { get; init; } = ImmutableDictionary<string, Limits>.Empty;
    public ImmutableDictionary<string, Limits> Domains { get; init; } = ImmutableDictionary<string, Limits>.Empty;

    /// <summary>
    /// The plan that begins when the source first sends to a provider; null for a source that is warm.
    /// </summary>
    public string? WarmUp { get; init; }
}

/// <summary>
/// Another server that brings the mail on, e.g. a paid ESP. <paramref name="PasswordVariable"/> names the environment
/// variable that holds the password: secrets are not kept in the file. TLS defaults to
/// <see cref="TlsPolicy.Verified"/>.
/// </summary>
public sealed record Smarthost(string Host, int Port, string? User, string? PasswordVariable, TlsPolicy Tls)
{
    /// <summary>The site of its lane.</summary>
    public const string Site = "smarthost";

    /// <summary>TLS from the first byte (port 465, RFC 8314 §3.3) instead of STARTTLS.</summary>
    public bool ImplicitTls { get; init; }
}

/// <summary>
/// Sources by weight (1 to 1,000); shared, or dedicated to a tenant and perhaps one of its streams.
/// </summary>
public sealed record Pool(string Name, ImmutableDictionary<string, int> Sources)
{
    public const string DefaultName = "default";

    /// <summary>The one there is when none is configured.</summary>
    public static Pool Default { get; } =
        new(DefaultName, ImmutableDictionary<string, int>.Empty.Add(Source.DefaultName, 1));

    /// <summary>Null: anybody's.</summary>
    public string? Tenant { get; init; }
    public string? Stream { get; init; }
}
