using Akka.Actor;
using AkkaMail.Engine.Messages;

namespace AkkaMail.Server.Upkeep;

/// <summary>Whether the engine takes mail.</summary>
internal static class EngineReady
{
    /// <summary>All ledgers have answered lately: what is accepted now is stored at once.</summary>
    public static async Task<bool> IsReady(IActorRef waker, CancellationToken cancel)
    {
        try { return (await waker.Ask<AllAwake>(AskAllAwake.Instance, TimeSpan.FromSeconds(2), cancel)).Yes; }
        catch (AskTimeoutException) { return false; }
    }
}
