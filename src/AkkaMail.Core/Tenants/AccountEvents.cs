using System.Collections.Immutable;
using System.Net;

namespace AkkaMail.Core.Tenants;

/// <summary>
/// A change of who may do what. <see cref="By"/> is the id of the key that ordered it, <c>admin</c> for the
/// installation's own; all of them in order are the audit log.
/// </summary>
public interface IAccountEvent
{
    DateTimeOffset At { get; }
    string By { get; }
}

public sealed record TenantCreated(DateTimeOffset At, string By, string Tenant, string? Title) : IAccountEvent
{
    /// <summary>Null: none.</summary>
    public Quota? Quota { get; init; }
}

/// <summary>All of what can change, as it is now.</summary>
public sealed record TenantChanged(DateTimeOffset At, string By, string Tenant, string? Title, bool IsSuspended)
    : IAccountEvent
{
    /// <summary>Null: none.</summary>
    public Quota? Quota { get; init; }
}

/// <summary>Its keys go with it; its mail goes on, and its name is not given again.</summary>
public sealed record TenantClosed(DateTimeOffset At, string By, string Tenant) : IAccountEvent
{
    /// <summary>Why, in somebody's words; null: nobody said.</summary>
    public string? Note { get; init; }
}

public sealed record KeyCreated(
    DateTimeOffset At, string By, string Id, string Tenant, string Name, Scopes Scopes,
    ImmutableArray<IPNetwork> Networks, DateTimeOffset? ExpiresAt, ImmutableArray<byte> Hash) : IAccountEvent;

/// <summary>All of what can change, as it is now. Scopes cannot: a key that may do more is another key.</summary>
public sealed record KeyChanged(
    DateTimeOffset At, string By, string Id, string Name, ImmutableArray<IPNetwork> Networks, DateTimeOffset? ExpiresAt)
    : IAccountEvent;

public sealed record KeyRevoked(DateTimeOffset At, string By, string Id) : IAccountEvent
{
    /// <summary>Why, in somebody's words; null: nobody said.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// A file of the data directory was lost or broken, and the operator started without what was in it. It changes nothing
/// here: it stands where an auditor looks.
/// </summary>
public sealed record LossAccepted(DateTimeOffset At, string By, string File) : IAccountEvent;
