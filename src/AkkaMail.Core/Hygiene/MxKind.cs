namespace AkkaMail.Core.Hygiene;

/// <summary>What DNS says of a domain's mail.</summary>
public enum MxKind
{
    Found,

    /// <summary>No MX, but an address (RFC 5321 §5.1): allowed, and mostly a web server that takes no mail.</summary>
    AddressOnly,

    /// <summary>It says that it takes none (RFC 7505).</summary>
    NullMx,

    /// <summary>It exists, with neither MX nor address.</summary>
    None,
    NoDomain,

    /// <summary>DNS did not answer, or was not asked.</summary>
    Unknown,
}

public static class MxKinds
{
    public static string ToWord(this MxKind kind) => kind switch
    {
        MxKind.Found => "found",
        MxKind.AddressOnly => "address_only",
        MxKind.NullMx => "null_mx",
        MxKind.None => "none",
        MxKind.NoDomain => "no_domain",
        MxKind.Unknown => "unknown",
        _ => throw new System.Diagnostics.UnreachableException($"{kind}"),
    };

    /// <summary>DNS is sure that mail there has nowhere to go.</summary>
    public static bool TakesNone(this MxKind kind) => kind is MxKind.NullMx or MxKind.None or MxKind.NoDomain;
}
