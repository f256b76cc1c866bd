using AkkaMail.Server.Cluster;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Cluster;

/// <summary>The nodes, the ledgers that live on them, and what operators order of both.</summary>
internal sealed class ClusterNoun : INoun
{
    public static (string Name, string Says) Tag => ("Cluster",
        "Which nodes there are and what lives on them; a node that shall go, one that is dead, a ledger that shall move.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<ClusterAdmin>();
        services.AddHostedService<ClockRounds>();
        services.AddHostedService<LastCalls>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapCluster();
        app.MapClusterOrders();
    }
}
