using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Http;

namespace AkkaMail.Server.Upkeep;

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).ExcludeFromDescription();
        app.MapGet("/health/ready", async (
                IRequiredActor<Waker> waker, AccountsView accounts, CancellationToken cancel) =>
            accounts.Current is null ? Problem.Unavailable("The keys have not been read yet.", retryAfter: 1)
            : await IsReady(waker.ActorRef, cancel) ? Results.Text("ready")
            : Problem.Unavailable("Not every ledger is awake.", retryAfter: 1)).ExcludeFromDescription();
    }

    /// <summary>All ledgers have answered lately: what is accepted now is stored at once.</summary>
    public static async Task<bool> IsReady(IActorRef waker, CancellationToken cancel)
    {
        try { return (await waker.Ask<AllAwake>(AskAllAwake.Instance, TimeSpan.FromSeconds(2), cancel)).Yes; }
        catch (AskTimeoutException) { return false; }
    }
}
