using System.Collections.Immutable;
using Akka.Actor;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Why a message waits: its time has not come, or its node knows.</summary>
public sealed partial class LedgerActor
{
    private void Explain(AskWhyTheyWait q)
    {
        var now = Now;
        var known = ImmutableArray.CreateBuilder<WaitingMessage>();
        var queued = ImmutableArray.CreateBuilder<QueuedMessage>();
        foreach (var id in q.Messages)
        {
            if (_ledger.PlaceOf(id) is not { } place) continue;
            if (place.Status != MessageStatus.Sending && place.Time > now)
                known.Add(new(id, new(HeldBy.Due, place.Time) { Eta = place.Time }));
            else queued.Add(new(id, place));
        }
        if (queued.Count == 0) Sender.Tell(new WhyTheyWait(known.ToImmutable()));
        else _parts.Delivery.Tell(
            new ExplainQueued(_ledger.Partition, queued.ToImmutable(), known.ToImmutable()), Sender);
    }
}
