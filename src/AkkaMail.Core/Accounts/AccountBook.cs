using System.Collections.Immutable;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Core.Accounts;

/// <summary>
/// All tenants, streams and keys of an installation, as their events left them. Immutable, so that every request reads
/// one state; small, so that every node has all of it.
/// </summary>
public sealed partial record AccountBook(
    ImmutableDictionary<string, Tenant> Tenants, ImmutableDictionary<string, ApiKey> Keys,
    ImmutableHashSet<string> Closed)
{
    public const int TenantsMax = 100_000, KeysOfTenantMax = 1_000;

    /// <summary>
    /// A closed tenant's domains stay until somebody removes them: its mail that is on its way is signed still.
    /// </summary>
    public DomainRegister Domains { get; init; } = DomainRegister.Empty;

    public static AccountBook New { get; } = new(
        ImmutableDictionary<string, Tenant>.Empty.Add(
            Tenant.Default, new(Tenant.Default, null, false, DateTimeOffset.MinValue)),
        ImmutableDictionary<string, ApiKey>.Empty, []);

    public IEnumerable<ApiKey> KeysOf(string tenant) => Keys.Values.Where(k => k.Tenant == tenant);

    /// <summary>What follows from an order. Nothing to change is no event; an order given twice is harmless.</summary>
    public (IAccountEvent? Event, AccountRefusal? Refusal) Decide(AccountOrder order, DateTimeOffset now)
    {
        switch (order)
        {
            case AccountOrder.CreateTenant o:
                if (Tenants.ContainsKey(o.Name) || Closed.Contains(o.Name)) return (null, AccountRefusal.NameTaken);
                if (Tenants.Count + Closed.Count >= TenantsMax) return (null, AccountRefusal.TooManyTenants);
                return (new TenantCreated(now, o.By, o.Name, o.Title) { Quota = o.Quota }, null);

            case AccountOrder.ChangeTenant o:
                if (Tenants.GetValueOrDefault(o.Name) is not { } tenant) return (null, AccountRefusal.UnknownTenant);
                var changed = tenant with
                {
                    Title = o.Clears.HasFlag(AccountFields.Title) ? null : o.Title ?? tenant.Title,
                    IsSuspended = o.IsSuspended ?? tenant.IsSuspended,
                    Quota = o.Clears.HasFlag(AccountFields.Quota) ? null : o.Quota ?? tenant.Quota,
                };
                return (changed == tenant ? null
                    : new TenantChanged(now, o.By, o.Name, changed.Title, changed.IsSuspended)
                    { Quota = changed.Quota }, null);

            case AccountOrder.CloseTenant o:
                if (o.Name == Tenant.Default) return (null, AccountRefusal.NotTheDefault);
                return Tenants.ContainsKey(o.Name) ? (new TenantClosed(now, o.By, o.Name) { Note = o.Note }, null)
                    : (null, AccountRefusal.UnknownTenant);

            case AccountOrder.CreateKey o:
                if (!Tenants.ContainsKey(o.Tenant)) return (null, AccountRefusal.UnknownTenant);
                if (Keys.TryGetValue(o.Id, out var same))
                    return (null, same.Hash.AsSpan().SequenceEqual(o.Hash.AsSpan()) ? null : AccountRefusal.NameTaken);
                if (KeysOf(o.Tenant).Count() >= KeysOfTenantMax) return (null, AccountRefusal.TooManyKeys);
                return (new KeyCreated(
                    now, o.By, o.Id, o.Tenant, o.Name, o.Scopes, o.Networks, o.ExpiresAt, o.Hash), null);

            case AccountOrder.ChangeKey o:
                if (Find(o.Id, o.Tenant) is not { } key) return (null, AccountRefusal.UnknownKey);
                return (new KeyChanged(now, o.By, key.Id, o.Name ?? key.Name, o.Networks ?? key.Networks,
                    o.Clears.HasFlag(AccountFields.ExpiresAt) ? null : o.ExpiresAt ?? key.ExpiresAt), null);

            case AccountOrder.RevokeKey o:
                return Find(o.Id, o.Tenant) is null ? (null, AccountRefusal.UnknownKey)
                    : (new KeyRevoked(now, o.By, o.Id) { Note = o.Note }, null);

            case AccountOrder.AcceptLoss o: return (new LossAccepted(now, o.By, o.File), null);
            case StreamOrder o: return Decide(o, now);
            case DomainOrder.Add { Tenant: var owner } when owner is null || !Tenants.ContainsKey(owner):
                return (null, AccountRefusal.UnknownTenant);
            case DomainOrder o: return Domains.Decide(o, now);

            default: throw new ArgumentOutOfRangeException(nameof(order), order, "is no order");
        }
    }

    public AccountBook After(IAccountEvent e) => e switch
    {
        TenantCreated x => this with
        {
            Tenants = Tenants.Add(x.Tenant, new(x.Tenant, x.Title, false, x.At) { Quota = x.Quota }),
        },
        TenantChanged x => With(
            x.Tenant, t => t with { Title = x.Title, IsSuspended = x.IsSuspended, Quota = x.Quota }),
        TenantClosed x => this with
        {
            Tenants = Tenants.Remove(x.Tenant),
            Keys = Keys.RemoveRange(KeysOf(x.Tenant).Select(k => k.Id)),
            Closed = Closed.Add(x.Tenant),
        },
        KeyCreated x => this with
        {
            Keys = Keys.Add(
                x.Id, new(x.Id, x.Tenant, x.Name, x.Scopes, x.Networks, x.At, x.ExpiresAt, x.Hash)),
        },
        KeyChanged x => this with
        {
            Keys = Keys.SetItem(
                x.Id, Keys[x.Id] with { Name = x.Name, Networks = x.Networks, ExpiresAt = x.ExpiresAt }),
        },
        KeyRevoked x => this with { Keys = Keys.Remove(x.Id) },
        LossAccepted => this,
        StreamCreated x => WithStream(x.Tenant, new(x.Name, x.Title, x.Kind, x.Unsubscribe, x.At)
        {
            KeepEnvelopeSender = x.KeepEnvelopeSender,
            TextFromHtml = x.TextFromHtml,
            EngagedFirst = x.EngagedFirst ?? MailStream.EngagedFirstOf(x.Kind),
        }),
        StreamChanged x when StreamOf(x.Tenant, x.Name)! is var stream => WithStream(x.Tenant, stream with
        {
            Title = x.Title,
            Unsubscribe = x.Unsubscribe,
            KeepEnvelopeSender = x.KeepEnvelopeSender,
            TextFromHtml = x.TextFromHtml,
            EngagedFirst = x.EngagedFirst ?? stream.EngagedFirst,
        }),
        StreamDeleted x => With(x.Tenant, t => t with { Streams = t.Streams.Remove(x.Name) }),
        IDomainEvent x => this with { Domains = Domains.After(x) },
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "is no event of accounts"),
    };

    private ApiKey? Find(string id, string? tenant) =>
        Keys.GetValueOrDefault(id) is { } key && (tenant is null || key.Tenant == tenant) ? key : null;
}
