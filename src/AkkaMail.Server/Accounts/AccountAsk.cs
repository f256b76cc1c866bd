using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Server.Accounts;

/// <summary>The way to the accounts of the cluster and back.</summary>
internal sealed class AccountAsk(
    IRequiredActor<AccountOrders> orders, IRequiredActor<AccountsNews> news, AccountsView view)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// As the journal has them now, and not as this node last saw them: for who deletes what none of them needs. Null: it
    /// does not answer.
    /// </summary>
    public async Task<AccountBook?> Now(CancellationToken cancel)
    {
        try { return await news.ActorRef.Ask<object>(AskAccountsNow.Instance, Timeout, cancel) is AccountsNow now ? now.Accounts : null; }
        catch (AskTimeoutException) { return null; }
    }

    /// <summary>Null once it is stored and this node knows it; else why it was refused.</summary>
    public async Task<AccountRefusal?> Order(AccountOrder order, CancellationToken cancel)
    {
        switch (await orders.ActorRef.Ask<object>(order, Timeout, cancel))
        {
            case AccountRefused refused: return refused.Why;
            case AccountChanged changed:
                news.ActorRef.Tell(LookAtAccounts.Instance);
                await view.Reached(changed.SequenceNr, cancel);
                return null;
            case var other: throw new InvalidOperationException($"{other} is no answer to an order");
        }
    }
}
