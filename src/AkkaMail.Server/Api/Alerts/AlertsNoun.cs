using AkkaMail.Server.Http;
using AkkaMail.Server.Reputation;

namespace AkkaMail.Server.Api.Alerts;

/// <summary>What somebody should look at, and how good a name senders have.</summary>
internal sealed class AlertsNoun : INoun
{
    public static (string Name, string Says) Tag => ("Alerts",
        "Reputations, complaint rates, and what is over its bound: those, clocks, and ledgers that do not answer.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<AlertsAsk>();
        services.AddSingleton<Reputations>();
        services.AddHostedService(provider => provider.GetRequiredService<Reputations>());
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapAlerts();
        app.MapReputation();
    }
}
