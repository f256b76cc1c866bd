using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Accounts;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>Tenants, their keys, streams and quotas.</summary>
internal sealed class TenantsNoun : INoun
{
    public static (string Name, string Says) Tag => ("Tenants",
        "Who sends through this installation: tenants with their quotas, keys and streams.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AccountsView>();
        services.AddSingleton<AccountAsk>();
        services.AddSingleton<QuotaAsk>();
        services.AddSingleton(QuotaAsk.BlocksOf);
        services.AddSingleton(provider => new KeyUses(provider.GetRequiredService<DataDirectory>().Stores.Keys));
        services.AddSingleton<KeyActivity>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyActivity>());
        services.AddSingleton<FailedKeys>();
        services.AddSingleton<Callers>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapTenants();
        app.MapKeys();
        app.MapStreams();
        app.MapUsage();
    }
}
