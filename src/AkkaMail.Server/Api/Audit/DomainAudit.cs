using System.Collections.Immutable;
using System.Diagnostics;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Api.Domains;

namespace AkkaMail.Server.Api.Audit;

/// <summary>A domain's events as lines of the audit log.</summary>
internal static class DomainAudit
{
    public static string WordOf(IDomainEvent e) => e switch
    {
        DomainAdded => "domain_added",
        DomainChecked => "domain_checked",
        DomainKeysChanged => "domain_keys_changed",
        DomainRemoved => "domain_removed",
        _ => throw new UnreachableException($"{e.GetType().Name} has no word"),
    };

    public static AuditEntry Add(AuditEntry entry, IDomainEvent e) => e switch
    {
        DomainAdded x => entry with { Tenant = x.Tenant, Keys = Words(x.Keys) },
        DomainChecked x => entry with { State = x.Standing.ToWord(), Keys = Words(x.Keys) },
        DomainKeysChanged x => entry with { Keys = Words(x.Keys) },
        DomainRemoved x => entry with { Note = x.Note },
        _ => entry,
    };

    /// <summary>As in <c>akkamail-r2 active</c>.</summary>
    private static string[] Words(ImmutableArray<KeyChange> changes) =>
        [.. changes.Select(c => $"{c.Selector} {WordOf(c)}")];

    private static string WordOf(KeyChange change) => change switch
    {
        KeyAdded => "added",
        KeySeen => "seen",
        KeyActivated => "active",
        KeyFollowed => "retiring",
        KeyRetired => "retired",
        _ => throw new UnreachableException($"{change}"),
    };
}
