using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Tenants;

namespace AkkaMail.Engine.Tenants;

/// <summary>To this node's follower: there is something new, or may be.</summary>
public sealed record LookAtAccounts
{
    public static LookAtAccounts Instance { get; } = new();
}

/// <summary>
/// To this node's follower: read to the end the journal has now, answered with <see cref="AccountsNow"/> or a failure. Who
/// deletes what no account needs must not go by a copy that stood still.
/// </summary>
public sealed record AskAccountsNow
{
    public static AskAccountsNow Instance { get; } = new();
}

/// <summary>As they were when it was asked, or later.</summary>
public sealed record AccountsNow(AccountBook Accounts);

/// <summary>
/// Follows the journal of the accounts for one node: reads on from where it is, once a second and when it is told to.
/// A journal that does not answer leaves the copy as it is; who could come in before can come in still.
/// </summary>
public sealed class AccountsFollower : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly AccountsView _view;
    private readonly ICurrentEventsByPersistenceIdQuery _journal;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IMaterializer _materializer = Context.Materializer();   // One: each is an actor of its own.

    /// <summary>Who asked before the read under way began, and who has asked since.</summary>
    private List<IActorRef> _answered = [], _asked = [];

    private AccountBook _accounts = AccountBook.New;
    private long _at;
    private bool _isReading, _again, _failed;

    public AccountsFollower(AccountsView view, Func<ActorSystem, ICurrentEventsByPersistenceIdQuery> journal) =>
        (_view, _journal) = (view, journal(Context.System));

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(AccountsView view, Func<ActorSystem, ICurrentEventsByPersistenceIdQuery> journal) =>
        Akka.Actor.Props.Create(() => new AccountsFollower(view, journal));

    protected override void PreStart() => Timers.StartPeriodicTimer("look", LookAtAccounts.Instance, TimeSpan.Zero, Every);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LookAtAccounts when _isReading: _again = true; break;
            case LookAtAccounts: Read(); break;
            case AskAccountsNow:
                _asked.Add(Sender);   // The read under way may have looked already.
                if (_isReading) _again = true;
                else Read();
                break;
            case ImmutableArray<EventEnvelope> events: Take(events); break;
            case Status.Failure f:
                if (!_failed) _log.Warning(f.Cause, "the journal of the accounts cannot be read; they stay as they are");
                (_isReading, _failed) = (false, true);
                Answer(f);
                if (_asked.Count > 0) Read();
                break;
        }
    }

    private void Read()
    {
        (_isReading, _again) = (true, false);
        (_answered, _asked) = (_asked, []);
        _journal.CurrentEventsByPersistenceId(AccountsActor.Id, _at + 1, long.MaxValue)
            .RunWith(Sink.Seq<EventEnvelope>(), _materializer)
            .PipeTo(Self, success: events => (object)events.ToImmutableArray());
    }

    private void Take(ImmutableArray<EventEnvelope> events)
    {
        foreach (var e in events)
        {
            _accounts = _accounts.After((IAccountEvent)e.Event);
            _at = e.SequenceNr;
        }
        if (events.Length > 0 || _view.Current is null) _view.Set(_accounts, _at);
        (_isReading, _failed) = (false, false);
        Answer(new AccountsNow(_accounts));
        if (_again) Read();
    }

    private void Answer(object answer)
    {
        foreach (var asker in _answered) asker.Tell(answer);
        _answered = [];
    }
}
