using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Accounts;

/// <summary>Whom the endpoints of tenants and keys ask.</summary>
internal sealed record AccountParts(
    IRequiredActor<AccountOrders> Orders, IRequiredActor<AccountsNews> News, AccountsView View, TimeProvider Time)
{
    /// <summary>A request with more is no tenant and no key.</summary>
    public const int BodyBytesMax = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public AccountBook Accounts => View.Current ?? throw new UnavailableException("The accounts have not been read yet.");

    /// <summary>Null once it is stored and this node knows it; else why it was refused.</summary>
    public async Task<AccountRefusal?> Order(AccountOrder order, CancellationToken cancel)
    {
        switch (await Orders.ActorRef.Ask<object>(order, Timeout, cancel))
        {
            case AccountRefused refused: return refused.Why;
            case AccountChanged changed:
                News.ActorRef.Tell(LookAtAccounts.Instance);
                await View.Reached(changed.SequenceNr, cancel);
                return null;
            case var other: throw new InvalidOperationException($"{other} is no answer to an order");
        }
    }

    public static Problem Refused(AccountRefusal why) => why switch
    {
        AccountRefusal.UnknownTenant => Problem.Of(404, "There is no such tenant"),
        AccountRefusal.UnknownKey => Problem.Of(404, "There is no such key"),
        AccountRefusal.NameTaken => Problem.Of(409, "The name is taken",
            "A tenant has it or had it: names are not given again, since old mail bears them."),
        AccountRefusal.TooManyTenants => Problem.Of(409, "There are too many tenants",
            $"An installation has up to {AccountBook.TenantsMax}, closed ones included."),
        AccountRefusal.TooManyKeys => Problem.Of(409, "There are too many keys",
            $"A tenant has up to {AccountBook.KeysOfTenantMax}: revoke some."),
        AccountRefusal.UnknownStream => Problem.Of(404, "There is no such stream"),
        AccountRefusal.StreamNameTaken => Problem.Of(409, "The tenant has a stream of that name"),
        AccountRefusal.StreamIsBuiltIn => Problem.Of(409, "This stream cannot be deleted",
            "Every tenant has transactional and broadcast."),
        AccountRefusal.TooManyStreams => Problem.Of(409, "There are too many streams",
            $"A tenant has up to {MailStream.OfTenantMax}: delete some."),
        AccountRefusal.UnknownDomain => Problem.Of(404, "There is no such domain"),
        AccountRefusal.DomainTaken => Problem.Of(409, "The domain is taken",
            "A domain belongs to one tenant of an installation."),
        AccountRefusal.TooManyDomains => Problem.Of(409, "There are too many domains",
            $"An installation has up to {Core.Domains.DomainRegister.DomainsMax}."),
        AccountRefusal.TooManyDomainsOfTenant => Problem.Of(409, "There are too many domains",
            $"A tenant has up to {Core.Domains.DomainRegister.DomainsOfTenantMax}: remove some."),
        AccountRefusal.TooManyDomainKeys => Problem.Of(409, "The domain had too many keys",
            $"It has up to {Core.Domains.DomainRegister.KeysOfDomainMax} in its life."),
        AccountRefusal.NoStandbyKey => Problem.Of(409, "The next key is not in DNS",
            "It signs only once its record has been seen: publish it, verify the domain, and rotate again."),
        AccountRefusal.NotTheDefault => Problem.Of(409, "The default tenant cannot be closed"),
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };
}
