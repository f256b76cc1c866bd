using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Data;

namespace AkkaMail.Server.Messages;

/// <summary>The way to a ledger and back.</summary>
internal sealed class LedgerAsk(IRequiredActor<Ledgers> ledgers, DataDirectory data)
{
    /// <summary>
    /// Who does not answer for so long may have been asked on a node that died meanwhile; what waits behind a slow commit is
    /// only asked twice, and all that is asked is harmless twice.
    /// </summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan StandTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How many there are.</summary>
    public int Count => data.Installation.Ledgers;

    /// <summary>
    /// The ledger's answer, or null when it gave none in time. A ledger that moves, or whose node has died, is asked again
    /// where it lives then.
    /// </summary>
    public async Task<object?> Ask(int partition, object message, TimeSpan timeout, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (timeout - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            try
            {
                var answer = await ledgers.ActorRef.Ask<object>(
                    new ToLedger(partition, message), left < 2 * Slice ? left : Slice, cancel);
                if (answer is not Moved) return answer;
                await Task.Delay(Pause, cancel);
            }
            catch (AskTimeoutException) { }
        return null;
    }

    /// <summary>How far is what is read from each, on whichever node; who gives no answer in time is not among them.</summary>
    public async Task<IReadOnlyList<LedgerStand>> Stands(CancellationToken cancel) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Count).Select(ledger =>
            Ask(ledger, AskStand.Instance, StandTimeout, cancel)))).OfType<LedgerStand>()];

    /// <summary>Events that are not in a generation of the lists yet; null: not every ledger answers.</summary>
    public async Task<long?> LagOf(int generation, CancellationToken cancel) =>
        await Stands(cancel) is var all && all.Count == Count ? all.Sum(s => s.LagOf(generation)) : null;
}
