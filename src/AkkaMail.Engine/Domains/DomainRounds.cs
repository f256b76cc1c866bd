using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using AkkaMail.Core.Domains;
using AkkaMail.Engine.Protocol;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Engine.Domains;

/// <summary>Looks a domain's records up. Every outcome is a value: what DNS does not say is unknown.</summary>
public delegate Task<ImmutableArray<RecordCheck>> LookUpDomain(SendingDomain domain, CancellationToken cancel);

/// <summary>How often each domain is looked up again.</summary>
public sealed record DomainParts(LookUpDomain LookUp, TimeSpan CheckEvery);

/// <summary>
/// Looks all domains up again and again, and retires keys whose overlap has passed: a singleton of the cluster, so that
/// each is asked for once. What it finds are orders to the accounts; what is as it was becomes no event there.
/// </summary>
public sealed class DomainRounds : UntypedActor, IWithTimers
{
    /// <summary>Domains looked up at once; each is about a dozen questions.</summary>
    public const int AtOnce = 8;

    /// <summary>Far over what a resolver waits: one look-up that hangs must not hold a place for ever.</summary>
    private static readonly TimeSpan LookUpMax = TimeSpan.FromMinutes(1), Tick = TimeSpan.FromSeconds(10);

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    private sealed record LookedUp(string Name, ImmutableArray<RecordCheck> Records);

    private sealed record NotLookedUp(string Name, Exception Cause);

    private readonly DomainParts _parts;
    private readonly AccountsView _view;
    private readonly IActorRef _orders;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, DateTimeOffset> _lookedUpAt = [];
    private readonly HashSet<string> _underWay = [];

    public DomainRounds(DomainParts parts, AccountsView view, IActorRef orders) =>
        (_parts, _view, _orders) = (parts, view, orders);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DomainParts parts, AccountsView view, IActorRef orders) =>
        Akka.Actor.Props.Create(() => new DomainRounds(parts, view, orders));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer("look", Look.Instance, Tick < _parts.CheckEvery ? Tick : _parts.CheckEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look: Begin(); break;
            case LookedUp m:
                _underWay.Remove(m.Name);
                _orders.Tell(new DomainOrder.Check(By, null, m.Name, m.Records));
                Begin();
                break;
            case NotLookedUp m:
                _underWay.Remove(m.Name);
                _log.Warning(m.Cause, "the records of a domain could not be looked up");
                break;
            case AccountChanged or AccountRefused: break;   // Removed meanwhile, or as it was: nothing to do.
            default: Unhandled(message); break;
        }
    }

    private void Begin()
    {
        if (_view.Current?.Domains.All is not { } all) return;
        var now = Context.System.Scheduler.Now;
        foreach (var gone in _lookedUpAt.Keys.Where(n => !all.ContainsKey(n)).ToList()) _lookedUpAt.Remove(gone);
        foreach (var domain in all.Values)
        {
            if (!KeyRotation.Retire(domain.Domain, now).IsEmpty)
                _orders.Tell(new DomainOrder.Retire(By, null, domain.Name));
            if (_underWay.Count >= AtOnce || _underWay.Contains(domain.Name)) continue;
            // One that was just added has nothing in DNS yet; its owner says when to look.
            var last = _lookedUpAt.GetValueOrDefault(domain.Name, domain.AddedAt);
            if (now - last < _parts.CheckEvery) continue;
            _lookedUpAt[domain.Name] = now;
            _underWay.Add(domain.Name);
            _ = LookUp(domain.Domain).PipeTo(Self, failure: e => new NotLookedUp(domain.Name, e));
        }
    }

    private async Task<LookedUp> LookUp(SendingDomain domain)
    {
        using var cancel = new CancellationTokenSource(LookUpMax);
        return new(domain.Name, await _parts.LookUp(domain, cancel.Token).WaitAsync(cancel.Token));
    }

    /// <summary>Who orders it, in the audit log.</summary>
    private const string By = "schedule";
}
