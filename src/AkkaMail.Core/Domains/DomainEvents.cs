using System.Collections.Immutable;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Domains;

/// <summary>A change of a sending domain; part of the journal of the accounts.</summary>
public interface IDomainEvent : IAccountEvent
{
    string Domain { get; }
}

/// <summary>A tenant sends from this domain; it comes with its first keys.</summary>
public sealed record DomainAdded(
    DateTimeOffset At, string By, string Domain, string Tenant, ImmutableArray<KeyChange> Keys) : IDomainEvent;

/// <summary>A look into DNS found something else than the one before; what it always finds is no event.</summary>
public sealed record DomainChecked(
    DateTimeOffset At, string By, string Domain, DomainStanding Standing, ImmutableArray<RecordStanding> Records,
    ImmutableArray<KeyChange> Keys) : IDomainEvent;

/// <summary>A rotation, or the end of one.</summary>
public sealed record DomainKeysChanged(
    DateTimeOffset At, string By, string Domain, ImmutableArray<KeyChange> Keys) : IDomainEvent;

/// <summary>Its secrets go; mail of it that is still on its way leaves unsigned.</summary>
public sealed record DomainRemoved(DateTimeOffset At, string By, string Domain) : IDomainEvent
{
    /// <summary>Why, in somebody's words; null: nobody said.</summary>
    public string? Note { get; init; }
}
