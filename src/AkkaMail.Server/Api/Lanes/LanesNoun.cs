using AkkaMail.Server.Http;

namespace AkkaMail.Server.Api.Lanes;

/// <summary>Lanes: what they do, did and are told.</summary>
internal sealed class LanesNoun : INoun
{
    public static void Add(IServiceCollection services) { }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapLanes();
        app.MapLaneHistory();
        app.MapLaneOrders();
    }
}
