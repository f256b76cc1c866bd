using System.Collections.Immutable;
using System.Net;

namespace AkkaMail.Core.Tenants;

/// <summary>What somebody wants changed; <paramref name="By"/> as in <see cref="IAccountEvent.By"/>.</summary>
public abstract record AccountOrder(string By)
{
    public sealed record CreateTenant(string By, string Name, string? Title) : AccountOrder(By)
    {
        public Quota? Quota { get; init; }
    }

    /// <summary>What is null stays as it is, but for what <see cref="Clears"/> names.</summary>
    public sealed record ChangeTenant(string By, string Name, string? Title, bool? IsSuspended) : AccountOrder(By)
    {
        public Quota? Quota { get; init; }
        public AccountFields Clears { get; init; }
    }

    public sealed record CloseTenant(string By, string Name) : AccountOrder(By)
    {
        public string? Note { get; init; }
    }

    public sealed record CreateKey(
        string By, string Id, string Tenant, string Name, Scopes Scopes, ImmutableArray<IPNetwork> Networks,
        DateTimeOffset? ExpiresAt, ImmutableArray<byte> Hash) : AccountOrder(By);

    /// <summary>
    /// <paramref name="Tenant"/> is whose key it must be, null: anybody's. What is null stays as it is, but for what
    /// <see cref="Clears"/> names; networks are cleared by an empty list.
    /// </summary>
    public sealed record ChangeKey(
        string By, string? Tenant, string Id, string? Name, ImmutableArray<IPNetwork>? Networks,
        DateTimeOffset? ExpiresAt) : AccountOrder(By)
    {
        public AccountFields Clears { get; init; }
    }

    public sealed record RevokeKey(string By, string? Tenant, string Id) : AccountOrder(By)
    {
        public string? Note { get; init; }
    }

    /// <summary>What was in a file of the data directory is done without.</summary>
    public sealed record AcceptLoss(string By, string File) : AccountOrder(By);
}

/// <summary>Fields of a tenant or key that a change takes away; what it leaves out it leaves alone.</summary>
[Flags]
public enum AccountFields : byte
{
    None = 0,
    Title = 1,
    ExpiresAt = 2,
    Quota = 4,
}

/// <summary>Why an order was not followed.</summary>
public enum AccountRefusal
{
    UnknownTenant,
    UnknownKey,
    NameTaken,
    TooManyTenants,
    TooManyKeys,
    NotTheDefault,
    UnknownStream,
    StreamNameTaken,
    StreamIsBuiltIn,
    TooManyStreams,

    /// <summary>Transactional mail goes in the order it came.</summary>
    EngagedFirstOfTransactional,
    UnknownDomain,
    DomainTaken,
    TooManyDomains,
    TooManyDomainsOfTenant,
    TooManyDomainKeys,

    /// <summary>There is no key to rotate to that has been seen in DNS.</summary>
    NoStandbyKey,
}
