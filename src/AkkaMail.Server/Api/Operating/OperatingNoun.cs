using AkkaMail.Server.Http;
using AkkaMail.Server.Upkeep;

namespace AkkaMail.Server.Api.Operating;

/// <summary>What an operator asks of a running server.</summary>
internal sealed class OperatingNoun : INoun
{
    public static (string Name, string Says) Tag => ("Operating",
        "Whether everything accepted is accounted for, and how encryption fares.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ServerHealth>();
        services.AddHostedService<AccountsRead>();
        services.AddHostedService(p => p.GetRequiredService<ServerHealth>());
        services.AddHostedService<AcceptedLosses>();
        services.AddHostedService<Retention>();
        services.AddHostedService<SecretsUpkeep>();
        services.AddHostedService<Rounds>();
        services.AddHostedService<GenerationsLook>();
        services.AddHostedService<Checkpointer>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapOperating();
        app.MapProjections();
        app.MapTlsReports();
        app.MapHealth();
    }
}
