using Akka.Hosting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Messages;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Server.Composition;

internal static class TenantSetup
{
    /// <summary>The last use of each key, written behind.</summary>
    public static void AddKeyActivity(this IServiceCollection services)
    {
        services.AddSingleton(provider => new KeyUses(provider.GetRequiredService<DataDirectory>().KeysFile));
        services.AddSingleton<KeyActivity>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyActivity>());
    }

    /// <summary>This node's part of the quotas, and who asks for it before mail is accepted.</summary>
    public static void AddQuotas(this IServiceCollection services)
    {
        services.AddSingleton(provider => new QuotaBlocks(
            () => provider.GetRequiredService<IRequiredActor<Quotas>>().ActorRef,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<QuotaGate>();
        services.AddSingleton<Acceptance>();
    }
}
