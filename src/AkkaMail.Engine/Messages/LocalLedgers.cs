using System.Collections.Immutable;

namespace AkkaMail.Engine.Messages;

/// <summary>
/// The ledgers that live on this node and have recovered, in their order. Mail that no key sends elsewhere is taken by one
/// of them: no way over the network, what was just written is still in memory, and another node's death does not matter.
/// </summary>
public sealed class LocalLedgers
{
    private readonly Lock _changing = new();
    private ImmutableSortedSet<int> _here = [];
    private volatile Snapshot _now = new([]);

    private sealed record Snapshot(ImmutableArray<int> Ledgers);

    public ImmutableArray<int> Now => _now.Ledgers;

    public void Began(int ledger) => Change(here => here.Add(ledger));

    public void Ended(int ledger) => Change(here => here.Remove(ledger));

    private void Change(Func<ImmutableSortedSet<int>, ImmutableSortedSet<int>> change)
    {
        lock (_changing) _now = new([.. _here = change(_here)]);
    }
}
