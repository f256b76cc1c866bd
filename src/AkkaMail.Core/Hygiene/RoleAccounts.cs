using System.Collections.Frozen;

namespace AkkaMail.Core.Hygiene;

/// <summary>
/// Addresses of an office: several people read them, none of them has subscribed, and complaints come easily.
/// </summary>
public static class RoleAccounts
{
    private static readonly Lazy<FrozenSet<string>> Names =
        new(() => WordList.Read("role_accounts.txt").ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>RFC 2142 §2: names are compared without case. <c>sales+tag</c> is <c>sales</c>.</summary>
    public static bool Has(string localPart)
    {
        var tag = localPart.IndexOf('+', StringComparison.Ordinal);
        return Names.Value.Contains(tag > 0 ? localPart[..tag] : localPart);
    }
}
