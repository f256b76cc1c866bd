using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Server.Messages;

/// <summary>The way to a ledger and back.</summary>
internal sealed class LedgerAsk(IRequiredActor<Ledgers> ledgers)
{
    /// <summary>The ledger's answer, or null when it gave none in time.</summary>
    public async Task<object?> Ask(int partition, object message, TimeSpan timeout, CancellationToken cancel)
    {
        try { return await ledgers.ActorRef.Ask<object>(new ToLedger(partition, message), timeout, cancel); }
        catch (AskTimeoutException) { return null; }
    }
}
