using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Server.Accounts;

/// <summary>The way to a tenant's quota and back.</summary>
internal sealed class QuotaAsk(IRequiredActor<Quotas> quotas)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <exception cref="AskTimeoutException">It does not answer now.</exception>
    public Task<QuotaUsed> Used(string tenant, CancellationToken cancel) =>
        quotas.ActorRef.Ask<QuotaUsed>(new ReadQuota(tenant), Timeout, cancel);

    /// <summary>
    /// This node's part of the quotas. The engine is made with it: whom it asks is there only afterwards.
    /// </summary>
    public static QuotaBlocks BlocksOf(IServiceProvider services) => new(
        () => services.GetRequiredService<IRequiredActor<Quotas>>().ActorRef,
        services.GetRequiredService<TimeProvider>());
}
