using AkkaMail.Core.Ids;

namespace AkkaMail.Core.Hygiene;

/// <summary>What DNS says of a domain's mail.</summary>
public enum MxKind
{
    [Word("found")] Found,

    /// <summary>No MX, but an address (RFC 5321 §5.1): allowed, and mostly a web server that takes no mail.</summary>
    [Word("address_only")] AddressOnly,

    /// <summary>It says that it takes none (RFC 7505).</summary>
    [Word("null_mx")] NullMx,

    /// <summary>It exists, with neither MX nor address.</summary>
    [Word("none")] None,
    [Word("no_domain")] NoDomain,

    /// <summary>DNS did not answer, or was not asked.</summary>
    [Word("unknown")] Unknown,
}

public static class MxKinds
{
    /// <summary>DNS is sure that mail there has nowhere to go.</summary>
    public static bool TakesNone(this MxKind kind) => kind is MxKind.NullMx or MxKind.None or MxKind.NoDomain;
}
