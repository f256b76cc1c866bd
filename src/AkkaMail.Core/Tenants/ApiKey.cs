using System.Collections.Immutable;
using System.Net;

namespace AkkaMail.Core.Tenants;

/// <summary>
/// A key as it is kept: never itself, only its hash. <paramref name="Id"/> is its public part and stands in the audit
/// log; <paramref name="Networks"/> are the addresses it may come from, none: any; <paramref name="ExpiresAt"/> null:
/// never.
/// </summary>
public sealed record ApiKey(
    string Id, string Tenant, string Name, Scopes Scopes, ImmutableArray<IPNetwork> Networks, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt, ImmutableArray<byte> Hash)
{
    public const int NameCharacters = 100, NetworksMax = 100, IdCharacters = 12;

    /// <summary>SHA-256: 256 random bits need no slow hash, there is nothing to guess.</summary>
    public const int HashBytes = 32;

    /// <summary>What every key begins with, so that scanners find one that was published.</summary>
    public const string Prefix = "am_";

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public bool IsFrom(IPAddress? address)
    {
        if (Networks.IsEmpty) return true;
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Networks.Any(n => n.Contains(address));
    }

    /// <summary>The text of a key: <c>am_</c>, its id, <c>_</c>, its secret.</summary>
    public static string Text(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>The id in a key's text, or null when it is no such text.</summary>
    public static string? IdIn(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = text.IndexOf('_', Prefix.Length);
        return end == Prefix.Length + IdCharacters ? text[Prefix.Length..end] : null;
    }
}
