using Akka.Actor;
using AkkaMail.Core.Ids;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Lanes;

/// <summary>
/// The governors of one shard, so that a node need not speak to each by itself: a letter is opened here, and the
/// leases it asked for go back in one. A governor is begun by the first word to it, and rests when there is none for long: what
/// it knows is in the journal.
/// </summary>
public sealed class GovernorsActor : UntypedActor, IWithTimers
{
    /// <summary>As Akka does it for the entities of a shard.</summary>
    public static readonly TimeSpan RestAfter = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly GovernorParts _parts;
    private readonly Dictionary<LimitKey, Governed> _governors = [];
    private readonly Dictionary<IActorRef, LimitKey> _limits = [];
    private readonly Dictionary<string, (IActorRef Post, DateTimeOffset At)> _posts = [];

    public GovernorsActor(GovernorParts parts) => _parts = parts;

    public ITimerScheduler Timers { get; set; } = null!;
    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    public static Props Props(GovernorParts parts) => Akka.Actor.Props.Create(() => new GovernorsActor(parts));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, LookEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ToGovernors m: Open(m); break;
            case ToGovernor m: Tell(m.Limit, m.Message, Sender); break;
            case Terminated t: Ended(t.ActorRef); break;
            case Look: LookAround(); break;
            default: Unhandled(message); break;
        }
    }

    private void Open(ToGovernors letter)
    {
        var asks = letter.Words.Where(w => w.Message is RenewLease)
            .ToLookup(w => ((RenewLease)w.Message).Node, w => w.Limit);
        foreach (var node in asks) PostTo(node.Key).Tell(new LeasePost.Await([.. node], Sender));
        foreach (var (limit, word) in letter.Words)
            Tell(limit, word, word is RenewLease m ? _posts[m.Node].Post : Sender);
    }

    private IActorRef PostTo(string node)
    {
        var post = _posts.TryGetValue(node, out var known) ? known.Post : Context.ActorOf(LeasePost.Props());
        _posts[node] = (post, Now);
        return post;
    }

    private void Tell(LimitKey limit, object word, IActorRef from)
    {
        if (!_governors.TryGetValue(limit, out var governed)) _governors.Add(limit, governed = new(Begin(limit)));
        governed.LastUse = Now;
        if (governed.Kept is { } kept) kept.Enqueue((word, from));
        else governed.Governor.Tell(word, from);
    }

    private IActorRef Begin(LimitKey limit)
    {
        var governor = Context.Watch(
            Context.ActorOf(GovernorActor.Props(limit, _parts), Uri.EscapeDataString(limit.ToString())));
        _limits.Add(governor, limit);
        return governor;
    }

    /// <summary>It rests, or its journal failed: the next word begins another life, and some may wait for it.</summary>
    private void Ended(IActorRef governor)
    {
        if (!_limits.Remove(governor, out var limit) || !_governors.Remove(limit, out var governed)) return;
        foreach (var (word, from) in governed.Kept ?? []) Tell(limit, word, from);
    }

    private void LookAround()
    {
        var now = Now;
        foreach (var governed in _governors.Values)
        {
            if (governed.Kept is not null || now - governed.LastUse < RestAfter) continue;
            governed.Kept = [];
            governed.Governor.Tell(PoisonPill.Instance);
        }
        foreach (var (node, (post, at)) in _posts)
        {
            if (now - at < RestAfter) continue;
            Context.Stop(post);
            _posts.Remove(node);
        }
    }

    private sealed class Governed(IActorRef governor)
    {
        public IActorRef Governor { get; } = governor;
        public DateTimeOffset LastUse { get; set; }

        /// <summary>What came since it was told to rest; null: it was not.</summary>
        public Queue<(object Word, IActorRef From)>? Kept { get; set; }
    }

    private sealed record Look { public static Look Instance { get; } = new(); }
}
