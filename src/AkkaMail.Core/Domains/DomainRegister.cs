using System.Collections.Immutable;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Domains;

/// <summary>
/// All sending domains of an installation, as their events left them: a name belongs to one tenant.
/// </summary>
public sealed record DomainRegister(ImmutableDictionary<string, RegisteredDomain> All)
{
    public const int DomainsMax = 100_000, DomainsOfTenantMax = 1_000;

    /// <summary>Retired ones are kept by name, since a selector is not used twice.</summary>
    public const int KeysOfDomainMax = 1_000;

    public static DomainRegister Empty { get; } = new(ImmutableDictionary<string, RegisteredDomain>.Empty);

    public RegisteredDomain? Find(string name, string? tenant) =>
        All.GetValueOrDefault(name) is { } domain && (tenant is null || domain.Tenant == tenant) ? domain : null;

    /// <summary>The domain whose bounces come to this host (A-labels, lower case).</summary>
    public RegisteredDomain? OfReturnPath(string host)
    {
        const string label = SendingDomain.ReturnPathLabel + ".";
        return host.StartsWith(label, StringComparison.Ordinal) ? All.GetValueOrDefault(host[label.Length..]) : null;
    }

    /// <summary>
    /// The nearest domain at or above a From domain whose keys sign what was accepted then, when it is the mail's
    /// tenant's. One that is only registered covers nothing yet: else anybody could take a subdomain from its owner.
    /// </summary>
    public RegisteredDomain? SignerOf(string tenant, string from, DateTimeOffset acceptedAt) =>
        Nearest(from, d => d.Domain.SigningAt(acceptedAt).Any()) is { } nearest && nearest.Tenant == tenant
            ? nearest : null;

    /// <summary>The tenant has proved that it may send from this domain.</summary>
    public bool MaySend(string tenant, string from, DateTimeOffset now, TimeSpan grace) =>
        Nearest(from, d => d.Standing != DomainStanding.Unverified) is { } nearest
        && nearest.Tenant == tenant && nearest.MaySend(now, grace);

    /// <summary>
    /// The nearest domain at or above <paramref name="name"/>: of that tenant, or with null of whoever has proved it to
    /// be theirs, and only then of whoever has registered it.
    /// </summary>
    public RegisteredDomain? Covering(string name, string? tenant) =>
        tenant is not null ? Nearest(name, d => d.Tenant == tenant)
        : Nearest(name, d => d.Standing != DomainStanding.Unverified) ?? Nearest(name, _ => true);

    private RegisteredDomain? Nearest(string from, Func<RegisteredDomain, bool> counts)
    {
        for (var name = from; ;)
        {
            if (All.TryGetValue(name, out var domain) && counts(domain)) return domain;
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0) return null;
            name = name[(dot + 1)..];
        }
    }

    /// <summary>What follows from an order of a tenant that exists. Nothing to change is no event.</summary>
    public (IAccountEvent? Event, AccountRefusal? Refusal) Decide(DomainOrder order, DateTimeOffset now)
    {
        if (order is DomainOrder.Add add) return Added(add, now);
        if (Find(order.Domain, order.Tenant) is not { } domain) return (null, AccountRefusal.UnknownDomain);
        return order switch
        {
            DomainOrder.Check o => (Checked(domain, o, now), null),
            DomainOrder.Rotate o => Rotated(domain.Domain, o, now),
            DomainOrder.Retire o => (KeyRotation.Retire(domain.Domain, now) is { IsEmpty: false } retired
                ? new DomainKeysChanged(now, o.By, o.Domain, retired) : null, null),
            DomainOrder.Remove o => (new DomainRemoved(now, o.By, o.Domain) { Note = o.Note }, null),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "is no order"),
        };
    }

    public DomainRegister After(IDomainEvent e) => e switch
    {
        DomainAdded x => new(All.Add(x.Domain, new(
            x.Tenant, KeyRotation.Apply(SendingDomain.Of(x.Domain), x.Keys), x.At, DomainStanding.Unverified, x.At,
            []))),
        DomainChecked x => Change(x.Domain, d => d with
        {
            Domain = KeyRotation.Apply(d.Domain, x.Keys),
            Since = d.Standing == x.Standing ? d.Since : x.At,
            Standing = x.Standing,
            Records = x.Records,
        }),
        DomainKeysChanged x => Change(x.Domain, d => d with { Domain = KeyRotation.Apply(d.Domain, x.Keys) }),
        DomainRemoved x => new(All.Remove(x.Domain)),
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "is no event of a domain"),
    };

    private DomainRegister Change(string name, Func<RegisteredDomain, RegisteredDomain> change) =>
        new(All.SetItem(name, change(All[name])));

    private (IAccountEvent?, AccountRefusal?) Added(DomainOrder.Add order, DateTimeOffset now)
    {
        if (All.ContainsKey(order.Domain)) return (null, AccountRefusal.DomainTaken);
        if (All.Count >= DomainsMax) return (null, AccountRefusal.TooManyDomains);
        if (All.Values.Count(d => d.Tenant == order.Tenant) >= DomainsOfTenantMax)
            return (null, AccountRefusal.TooManyDomainsOfTenant);
        return (new DomainAdded(now, order.By, order.Domain, order.Tenant!,
            WithKeys(SendingDomain.Of(order.Domain), order.Keys, now)), null);
    }

    private static (IAccountEvent?, AccountRefusal?) Rotated(
        SendingDomain domain, DomainOrder.Rotate order, DateTimeOffset now)
    {
        if (domain.Keys.Length + order.Keys.Length > KeysOfDomainMax) return (null, AccountRefusal.TooManyDomainKeys);
        var changes = ImmutableArray.CreateBuilder<KeyChange>();
        foreach (var algorithm in order.Algorithms)
            switch (KeyRotation.Rotate(domain, algorithm, order.LastExpiry, now))
            {
                case Domains.Rotated rotated: changes.AddRange(rotated.Changes); break;
                default: return (null, AccountRefusal.NoStandbyKey);
            }
        changes.AddRange(WithKeys(domain, order.Keys, now));
        return (new DomainKeysChanged(now, order.By, order.Domain, changes.ToImmutable()), null);
    }

    private static ImmutableArray<KeyChange> WithKeys(
        SendingDomain domain, ImmutableArray<NewDomainKey> keys, DateTimeOffset now)
    {
        var changes = ImmutableArray.CreateBuilder<KeyChange>(keys.Length);
        foreach (var key in keys)
        {
            var added = new KeyAdded(now, domain.NextSelector(key.Algorithm), key.Algorithm, key.PublicPart);
            changes.Add(added);
            domain = KeyRotation.Apply(domain, added);
        }
        return changes.MoveToImmutable();
    }

    private static DomainChecked? Checked(RegisteredDomain domain, DomainOrder.Check order, DateTimeOffset now)
    {
        var seen = order.Records
            .Where(c => c.State == RecordState.Found && c.Record.Purpose == RecordPurpose.Dkim)
            .Select(c => c.Record.Name[..c.Record.Name.IndexOf('.', StringComparison.Ordinal)]).ToList();
        var keys = KeyRotation.Seen(domain.Domain, seen, now);
        var records = order.Records.Select(c => Standing(domain, c)).ToImmutableArray();
        var standing = StandingOf(domain.Standing, order.Records);
        var isSame = standing == domain.Standing && keys.IsEmpty && records.Length == domain.Records.Length
            && records.Zip(domain.Records).All(r => r.First.IsSame(r.Second));
        return isSame ? null : new(now, order.By, order.Domain, standing, records, keys);
    }

    /// <summary>A name server that is silent takes nothing back of what it said before.</summary>
    private static RecordStanding Standing(RegisteredDomain domain, RecordCheck check) =>
        check.State == RecordState.Unknown
        && domain.Records.FirstOrDefault(r => r.Name == check.Record.Name && r.Type == check.Record.Type) is { } last
            ? last : RecordStanding.Of(check);

    private static DomainStanding StandingOf(DomainStanding before, ImmutableArray<RecordCheck> checks) =>
        DomainCheck.IsVerified(checks) ? DomainStanding.Verified
        : before != DomainStanding.Unverified
            && checks.Any(c => c.Record.IsRequired && c.State is RecordState.Missing or RecordState.Wrong)
            ? DomainStanding.Failing : before;
}
