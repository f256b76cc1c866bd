using AkkaMail.Core.Accounts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Accounts;

/// <summary>Whom the endpoints of tenants and keys ask.</summary>
internal sealed record AccountParts(AccountAsk Orders, AccountsView View, TimeProvider Time)
{
    /// <summary>A request with more is no tenant and no key.</summary>
    public const int BodyBytesMax = 64 * 1024;

    public AccountBook Accounts => View.Current ?? throw new UnavailableException("The accounts have not been read yet.");

    /// <inheritdoc cref="AccountAsk.Order"/>
    public Task<AccountRefusal?> Order(AccountOrder order, CancellationToken cancel) => Orders.Order(order, cancel);

    /// <summary>
    /// Null: what <paramref name="order"/> takes away is gone, with the note that says why. Else why it is not.
    /// </summary>
    public async Task<Refusal?> Remove(string? note, Func<string?, AccountOrder> order, CancellationToken cancel)
    {
        var errors = new List<FieldError>();
        var read = OrderNotes.Read(note, errors);
        if (errors.Count > 0) return Refusal.Invalid(errors);
        return await Order(order(read), cancel) is { } refused ? Refused(refused) : null;
    }

    public static Refusal Refused(AccountRefusal why) => why switch
    {
        AccountRefusal.UnknownTenant => new(RefusalCode.NotFound, "There is no such tenant"),
        AccountRefusal.UnknownKey => new(RefusalCode.NotFound, "There is no such key"),
        AccountRefusal.NameTaken => new(RefusalCode.Conflict, "The name is taken",
            "A tenant has it or had it: names are not given again, since old mail bears them."),
        AccountRefusal.TooManyTenants => new(RefusalCode.Conflict, "There are too many tenants",
            $"An installation has up to {AccountBook.TenantsMax}, closed ones included."),
        AccountRefusal.TooManyKeys => new(RefusalCode.Conflict, "There are too many keys",
            $"A tenant has up to {AccountBook.KeysOfTenantMax}: revoke some."),
        AccountRefusal.UnknownStream => new(RefusalCode.NotFound, "There is no such stream"),
        AccountRefusal.StreamNameTaken => new(RefusalCode.Conflict, "The tenant has a stream of that name"),
        AccountRefusal.StreamIsBuiltIn => new(RefusalCode.Conflict, "This stream cannot be deleted",
            "Every tenant has transactional and broadcast."),
        AccountRefusal.TooManyStreams => new(RefusalCode.Conflict, "There are too many streams",
            $"A tenant has up to {MailStream.OfTenantMax}: delete some."),
        AccountRefusal.EngagedFirstOfTransactional => Refusal.Field(
            "engaged_first", "is for broadcast streams alone: transactional mail goes in the order it came"),
        AccountRefusal.UnknownDomain => new(RefusalCode.NotFound, "There is no such domain"),
        AccountRefusal.DomainTaken => new(RefusalCode.Conflict, "The domain is taken",
            "A domain belongs to one tenant of an installation."),
        AccountRefusal.TooManyDomains => new(RefusalCode.Conflict, "There are too many domains",
            $"An installation has up to {Core.Domains.DomainRegister.DomainsMax}."),
        AccountRefusal.TooManyDomainsOfTenant => new(RefusalCode.Conflict, "There are too many domains",
            $"A tenant has up to {Core.Domains.DomainRegister.DomainsOfTenantMax}: remove some."),
        AccountRefusal.TooManyDomainKeys => new(RefusalCode.Conflict, "The domain had too many keys",
            $"It has up to {Core.Domains.DomainRegister.KeysOfDomainMax} in its life."),
        AccountRefusal.NoStandbyKey => new(RefusalCode.Conflict, "The next key is not in DNS",
            "It signs only once its record has been seen: publish it, verify the domain, and rotate again."),
        AccountRefusal.NotTheDefault => new(RefusalCode.Conflict, "The default tenant cannot be closed"),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };
}
