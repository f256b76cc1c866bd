using AkkaMail.Server.Http;
using AkkaMail.Server.Hygiene;

namespace AkkaMail.Server.Api.Hygiene;

/// <summary>Lists looked at before they are sent to.</summary>
internal sealed class HygieneNoun : INoun
{
    public static (string Name, string Says) Tag => ("Hygiene",
        "Look at a list before mail is sent to it, and find those who never engage.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<HygieneChecks>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapHygiene();
    }
}
