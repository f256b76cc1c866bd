using AkkaMail.Server.Http;
using AkkaMail.Server.Rules;

namespace AkkaMail.Server.Api.Shaping;

/// <summary>The rules by which mail is shaped, and the sites they make.</summary>
internal sealed class ShapingNoun : INoun
{
    public static (string Name, string Says) Tag => ("Shaping",
        "The rules that say how much may go where, and how they fall on a domain.");

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
