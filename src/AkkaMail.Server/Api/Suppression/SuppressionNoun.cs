using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Suppression;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Suppression;

namespace AkkaMail.Server.Api.Suppression;

/// <summary>Who is not written to any more.</summary>
internal sealed class SuppressionNoun : INoun
{
    public static (string Name, string Says) Tag => ("Suppressions",
        "Whom nothing is sent to, why, and how to undo it.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(
            provider => new SuppressionStore(provider.GetRequiredService<DataDirectory>().Stores.Suppressions));
        services.AddSingleton(p => new SuppressionReactor(() => p.GetRequiredService<MessageGenerations>().Current,
            p.GetRequiredService<ContentStore>(), p.GetRequiredService<SuppressionStore>()));
        services.AddSingleton<Suppressions>();
        services.AddSingleton<SuppressionImports>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapSuppressions();
        app.MapUndoSuppressions();
        app.MapSuppressionLists();
    }
}
