using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Storage.Engagement;

namespace AkkaMail.Server.Api.Engagement;

/// <summary>Signs of life that tenants tell.</summary>
internal sealed class EngagementNoun : INoun
{
    public static (string Name, string Says) Tag => Hygiene.HygieneNoun.Tag;

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(
            provider => new EngagementStore(provider.GetRequiredService<DataDirectory>().Stores.Engagement));
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapUnengaged();
        app.MapEngagement();
    }
}
