using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Upkeep;

/// <summary>Whether the engine takes mail.</summary>
internal sealed class EngineReady(IRequiredActor<Waker> waker)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>All ledgers have answered lately: what is accepted now is stored at once.</summary>
    public async Task<bool> IsReady(CancellationToken cancel)
    {
        try { return (await waker.ActorRef.Ask<AllAwake>(AskAllAwake.Instance, Timeout, cancel)).Yes; }
        catch (AskTimeoutException) { return false; }
    }
}
