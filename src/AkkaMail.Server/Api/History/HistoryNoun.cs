using AkkaMail.Server.Data;
using AkkaMail.Server.History;
using AkkaMail.Server.Http;
using AkkaMail.Storage.History;

namespace AkkaMail.Server.Api.History;

/// <summary>By which rules and which program decisions were made.</summary>
internal sealed class HistoryNoun : INoun
{
    public static (string Name, string Says) Tag => ("History",
        "Which program ran when, and the text of the rules it went by.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => new HistoryStore(provider.GetRequiredService<DataDirectory>().Stores.History));
        services.AddSingleton<NodeHistory>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapRules();
        app.MapClusterHistory();
    }
}
