using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Event;
using AkkaMail.Core.Attempts;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Messages;
using AkkaMail.Core.Shaping;
using AkkaMail.Engine.Cluster;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Delivery;

/// <summary>Where mail belongs, and what changes under it: sites, rules, lanes that fail, the node's own end.</summary>
public sealed partial class DeliveryActor
{
    /// <summary>Brings a ledger's word or its mail to the right queue, as soon as it is known which.</summary>
    private void Direct(string domain, object message)
    {
        if (_drainer is not null) { Place(message, domain); return; }   // It goes back: no look-up is worth it.
        if (_lookups.SiteOf(domain, Now) is { } site) { Place(message, site); return; }
        switch (_lookups.Wait(domain, message))
        {
            case SiteLookups.Turn.LookUp: LookUp(domain); break;
            case SiteLookups.Turn.Refuse when message is HandedOut h:
                Refuse(h, "too many look-ups are under way");
                break;
        }
    }

    private void Place(object message, string site)
    {
        if (message is QueueHasMail word) _queues.HasMail(word, site, Now);
        if (message is HandedOut handed) _queues.Handed(handed, site, Now);
    }

    private void LookUp(string domain)
    {
        var found = _parts.Shaping.ResolveSite(domain, _stopping.Token);
        if (found.IsCompletedSuccessfully) { Found(found.Result with { Domain = domain }); return; }
        // A bug in there must not hold the mail: the domain is its own site, for a minute.
        var until = Now.AddMinutes(1);
        found.AsTask().PipeTo(Self, success: answer => new SiteFound(answer with { Domain = domain }),
            failure: e => new SiteFound(
                new(domain, domain, null, $"the look-up failed: {e.GetType().Name}", [], until)));
    }

    private void Found(SiteAnswer answer)
    {
        var before = _lookups.Learn(answer, Now);
        if (before?.Site != answer.Site) _parts.Shaping.NoteSite(answer);
        if (before is not null && before.Site != answer.Site)
        {
            _log.Info("{0} belongs to {1} now, no longer to {2}", answer.Domain, answer.Site, before.Site);
            _queues.DomainMoved(answer.Domain, before.Site);
        }
        foreach (var message in _lookups.WaitingFor(answer.Domain)) Place(message, answer.Site);
        _lookups.Done(answer.Domain);
    }

    private void Refuse(HandedOut handed, string why)
    {
        foreach (var m in handed.Messages) Result(Untaken.NotStarted(m, m.Domain, why, Now));
    }

    private void Reshape()
    {
        // Which site a domain belongs to is in the rules as well.
        _lookups.Expire();
        _queues.Reshaped(Now);
    }

    /// <summary>A lane that failed gives back what it had; its queues have another already.</summary>
    private void Ended(LaneEnded e)
    {
        var underWay = e.Lane.Running.Count;
        // Its type only, as for one delivery: the text may hold an address, and the journal is for ever.
        var why = $"the lane failed: {e.Cause?.GetBaseException().GetType().Name ?? "it ended"}";
        if (_queues.Failed(e.Lane, why, Now))
            _log.Error(e.Cause, "the lane {0} failed with {1} messages", e.Lane.Key, underWay);
    }

    private void Disown(ImmutableArray<AttemptId> asked)
    {
        var here = _queues.Here.Concat(_lookups.AtHand.Select(m => m.Attempt)).Concat(_outbox.Ids).ToHashSet();
        Sender.Tell(new Disowned([.. asked.Where(id => !here.Contains(id))]));
    }

    /// <summary>What was at hand may have been somebody else's for long: it goes back, whoever has it now.</summary>
    private void GiveAllBack()
    {
        _log.Warning("this node has stood still for over {0} s: it gives back what it had at hand", Standstill.Gap.TotalSeconds);
        foreach (var attempt in _queues.GiveAllBack("the node stood still", Now)) Result(attempt);
    }

    private void BeginDrain()
    {
        _drainer = Sender;
        _queues.Drain(Now);
        foreach (var attempt in _queues.TakeBack()) Result(attempt);
        foreach (var handed in _lookups.Clear()) Refuse(handed, SiteQueues.Stopping);
        SendResults();
    }

    /// <summary>
    /// Nothing is on the wire, untold, or still to come: what was asked for before the end was known its ledger takes for
    /// begun, until it hears otherwise.
    /// </summary>
    private void TellIfDrained()
    {
        if (_isDrained || _drainer is null || !_outbox.IsEmpty || _queues.InFlight > 0 || _queues.HasRequests) return;
        _isDrained = true;
        _drainer.Tell(Done.Instance);
    }

    private sealed record SiteFound(SiteAnswer Answer);

    private sealed record Answered(Lane Lane, Attempt Attempt);

    private sealed record LaneEnded(Lane Lane, Exception? Cause);

    /// <summary>Makes each life of the actor, the ones after a failure too.</summary>
    private sealed class Lives(Func<DeliveryActor> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(DeliveryActor);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) { }
    }

    /// <summary>Time alone lets something go.</summary>
    private sealed record Pump { public static Pump Instance { get; } = new(); }

    private sealed record FlushRequests { public static FlushRequests Instance { get; } = new(); }

    private sealed record FlushResults { public static FlushResults Instance { get; } = new(); }

    private sealed record Tick { public static Tick Instance { get; } = new(); }
}
