using System.Collections.Immutable;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Messages;

/// <summary>Stored events the read model has not acknowledged: a GET finds a message in the rows or here.</summary>
internal sealed class Unprojected
{
    private readonly Queue<(NumberedEvent Event, int Changes)> _events = new();

    /// <summary>The last event the read model has.</summary>
    public long Projected { get; private set; }

    /// <summary>The last event that is stored.</summary>
    public long Newest { get; private set; }

    /// <summary>How many message changes wait, the measure of memory.</summary>
    public int Changes { get; private set; }

    public void Add(NumberedEvent e)
    {
        var changes = e.Event.Touched().Count();
        _events.Enqueue((e, changes));
        Changes += changes;
        Newest = e.SequenceNr;
    }

    public void Restore(long projected, IEnumerable<NumberedEvent> events)
    {
        (Projected, Newest) = (projected, projected);
        foreach (var e in events) Add(e);
    }

    /// <summary>Forgets what the read model has.</summary>
    public void Acknowledge(long upTo)
    {
        while (_events.TryPeek(out var e) && e.Event.SequenceNr <= upTo)
        {
            _events.Dequeue();
            Changes -= e.Changes;
        }
        Projected = Math.Max(Projected, upTo);
    }

    public ImmutableArray<NumberedEvent> All() => [.. _events.Select(e => e.Event)];

    /// <summary>What they say of this message, up to <see cref="UnprojectedEvents.LinesMax"/>.</summary>
    public ImmutableArray<NumberedEvent> Of(MessageId id)
    {
        var (found, lines) = (ImmutableArray.CreateBuilder<NumberedEvent>(), 0);
        foreach (var (e, _) in _events)
        {
            if (e.Event.Touched().Count(m => m == id) is not (> 0 and var more)) continue;
            if ((lines += more) > UnprojectedEvents.LinesMax) break;
            found.Add(e with { Event = e.Event.Of(id) });
        }
        return found.ToImmutable();
    }
}
