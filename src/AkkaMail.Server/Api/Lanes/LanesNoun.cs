using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>Lanes: what they do, did and are told.</summary>
internal sealed class LanesNoun : INoun
{
    public static (string Name, string Says) Tag => ("Lanes",
        "A source as one receiver sees it: how fast it goes, why, and orders to it.");

    public static void Add(IServiceCollection services) { }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapLanes();
        app.MapLaneHistory();
        app.MapLaneOrders();
    }
}
