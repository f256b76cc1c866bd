using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Http;
using AkkaMail.Server.Upkeep;

namespace AkkaMail.Server.Api.Operating;

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", async (
                EngineReady engine, AccountsView accounts, CancellationToken cancel) =>
            accounts.Current is null ? Problem.Unavailable("The keys have not been read yet.", retryAfter: 1)
            : await engine.IsReady(cancel) ? Results.Text("ready")
            : Problem.Unavailable("Not every ledger is awake.", retryAfter: 1)).ExcludeFromDescription();
    }
}
