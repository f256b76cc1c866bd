using AkkaMail.Server.Http;
using AkkaMail.Server.Inbound;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Api.Bounces;

/// <summary>What receivers say, and what comes back.</summary>
internal sealed class BouncesNoun : INoun
{
    public static (string Name, string Says) Tag => ("Bounces",
        "What came back, who complains, and what receivers' words mean.");

    public static void Add(IServiceCollection services)
    {
        services.AddBounces();
        services.AddInbound();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapParseBounce();
        app.MapClassifyReplies();
        app.MapReturned();
        app.MapComplaints();
    }
}
