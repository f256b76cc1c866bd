using Akka.Hosting;
using AkkaMail.Engine;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Api.Messages;

namespace AkkaMail.Server.Composition;

internal static class QuotaSetup
{
    /// <summary>This node's part of the quotas, and who asks for it before mail is accepted.</summary>
    public static void AddQuotas(this IServiceCollection services)
    {
        services.AddSingleton(provider => new QuotaBlocks(
            () => provider.GetRequiredService<IRequiredActor<Quotas>>().ActorRef,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<QuotaGate>();
    }
}
