using AkkaMail.Server.Http;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>The rules by which mail is shaped, and the sites they make.</summary>
internal sealed class ShapingNoun : INoun
{
    public static void Add(IServiceCollection services)
    {
        services.AddShaping();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapShaping();
        app.MapExplainSite();
        app.MapSiteHistory();
    }
}
