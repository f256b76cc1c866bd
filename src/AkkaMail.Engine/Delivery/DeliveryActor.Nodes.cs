using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>What goes to the deliveries of other nodes, where sources are bound to nodes.</summary>
public sealed partial class DeliveryActor
{
    /// <summary>Ledgers whose word came to this node first.</summary>
    private readonly HashSet<int> _ledgers = [];

    private void Hear(QueueHasMail word)
    {
        if (word.Part is null) _ledgers.Add(word.Partition);
        Direct(word.Queue.Domain, word);
    }

    /// <summary>
    /// What was passed to a node that is gone is nobody's until its ledger speaks of it again: it is asked to.
    /// </summary>
    private void Take(NodesChanged n)
    {
        _queues.NodesChanged(n.Names, Now);
        if (!_parts.Shaping.Rules().Sources.Values.Any(s => s.Node is not null)) return;
        foreach (var ledger in _ledgers) _parts.Ledgers().Tell(new ToLedger(ledger, SayWhatWaits.Instance));
    }

    private void Begin(LedgerBegan began)
    {
        _queues.LedgerLost(began.Partition);
        if (began.IsPassed) return;
        foreach (var node in _queues.Names.Others.Values)
            _parts.DeliveryOf(node)?.Tell(began with { IsPassed = true }, Self);
    }

    /// <summary>
    /// What is not this node's to say goes on to the next that has sources of its pool; the last of them answers.
    /// </summary>
    private void Explain(ExplainQueued q)
    {
        var now = Now;
        var known = q.Known.ToBuilder();
        var (rest, guesses) = (ImmutableArray.CreateBuilder<QueuedMessage>(), new List<WaitingMessage>());
        foreach (var m in q.Queued)
        {
            var site = _lookups.LastSiteOf(m.Place.Queue.Domain);
            var why = site is null ? new Waiting(HeldBy.Lookup) { Ahead = m.Place.Before }
                : _queues.Why(m.Id, m.Place, q.Ledger, site, now);
            if (why is not null && site is not null && _queues.Has(m.Id, m.Place, q.Ledger, site))
            {
                known.Add(new(m.Id, why));
                continue;
            }
            rest.Add(m);
            if (why is not null) guesses.Add(new(m.Id, why));
        }
        var asked = (q.Asked ?? []).Add(_parts.Node);
        var next = rest.SelectMany(m => _queues.Elsewhere(m.Place.Queue)).FirstOrDefault(n => !asked.Contains(n));
        if (next is not null && _parts.DeliveryOf(next) is { } delivery)
            delivery.Tell(q with { Queued = rest.ToImmutable(), Known = known.ToImmutable(), Asked = asked }, Sender);
        else Sender.Tell(new WhyTheyWait([.. known, .. guesses]));
    }
}
