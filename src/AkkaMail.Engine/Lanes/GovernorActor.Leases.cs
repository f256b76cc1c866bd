using Akka.Actor;
using AkkaMail.Core.Lanes;
using AkkaMail.Core.Leases;
using AkkaMail.Core.Rules;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Lanes;

/// <summary>How the lane is divided among the nodes that ask for it.</summary>
public sealed partial class GovernorActor
{
    private readonly Sharing _sharing = new();
    private readonly Dictionary<string, IActorRef> _nodes = [];
    private int _held;

    private void Renew(RenewLease m)
    {
        var (terms, now, node) = (_parts.Terms(_limit), Now, Sender);
        var events = _governor.Observe(m.Report, terms, now, m.Node).AddRange(_governor.PassTime(terms, now));
        long? quota = null;
        if (terms.WarmUp is not null || _governor.WarmUp is not null)
        {
            var (granted, more) = _governor.Grant(Math.Max(0, m.QuotaWanted - m.QuotaLeft), terms, now);
            events = events.AddRange(more);
            quota = _governor.WarmUp is null ? null : granted;
        }
        Store(events, () =>
        {
            // Who asked first may have got hardly anything: all are told their parts once those who hold a lease were heard.
            if (_nodes.Count == 0) Timers.StartSingleTimer("heard", Tick.Instance, Sharing.Handover * 1.1);
            _nodes[m.Node] = node;
            _sharing.Ask(m.Node, m.Demand, now, m.Held);
            Share(m.Node, quota, tellsAll: false);
        });
    }

    private void Leave(LeaveLane m)
    {
        var now = Now;
        Store(_governor.Observe(m.Report, _parts.Terms(_limit), now, m.Node), () =>
        {
            _nodes.Remove(m.Node);
            _sharing.Leave(m.Node);
            Share();
        });
    }

    private void Share() => Share(null, null, tellsAll: true);

    /// <summary>Who has the same part hears the rest of it with its next answer, within a second.</summary>
    private void ShareAgain() => Share(null, null, tellsAll: false);

    /// <summary>Divides the lane anew and tells those whose part has changed, and <paramref name="asker"/>.</summary>
    private void Share(string? asker, long? quota, bool tellsAll)
    {
        var (terms, now) = (_parts.Terms(_limit), Now);
        var at = _governor.At(terms, now);
        foreach (var gone in _sharing.Nodes.Where(_parts.IsGone).ToList()) _sharing.Leave(gone);
        // What is held, or held no longer, concerns all of them.
        var held = at.Holds.Length;
        var changed = _sharing.Divide(
            at.IsSuspended ? 0 : at.Rate, at.Connections, now, _parts.NodesUp(), isAsking: !at.IsOpen);
        var all = tellsAll || held != _held || _sharing.HasMoved;
        _held = held;
        if (all) _sharing.AllKnow();
        var shares = _sharing.Shares;
        foreach (var node in _sharing.Nodes)
            if ((all || node == asker || changed.Contains(node)) && _nodes.TryGetValue(node, out var to))
                to.Tell(LeaseOf(_sharing.Of(node), at, terms, node == asker ? quota : quota is null ? null : 0, now) with
                {
                    Shares = shares,
                });
    }

    private Lease LeaseOf(Share share, LaneState at, LaneTerms terms, long? quota, DateTimeOffset now)
    {
        var rate = at.IsSuspended ? at.Rate : share.Rate;
        // A part of the rate, shared with other nodes or adapted to the receiver, has that part of the burst.
        var burst = terms.Rate is { Burst: { } b } all ? (int)Math.Clamp(b * (rate ?? 0) / all.PerSecond, 1, b)
            : Rate.DefaultBurst(rate ?? 0);
        return new(_limit, ++_serial, rate, burst, share.Connections, now + Sharing.LeaseTime,
            _governor.WarmUp is null ? null : quota ?? 0, _governor.WarmUp?.EndOfPeriod(now) ?? default, at);
    }
}
