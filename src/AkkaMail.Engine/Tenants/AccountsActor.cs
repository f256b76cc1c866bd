using Akka.Actor;
using Akka.Persistence;
using AkkaMail.Core.Accounts;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Protocol;

namespace AkkaMail.Engine.Tenants;

/// <summary>
/// The one place where tenants and keys change: a singleton of the cluster, so that a name is given once. It answers
/// after its event is stored. Nobody asks it who may do what: each node follows its journal
/// (<see cref="AccountsView"/>).
/// </summary>
public sealed class AccountsActor : UntypedPersistentActor
{
    public const string Id = "accounts";

    private AccountBook _accounts = AccountBook.New;

    public override string PersistenceId => Id;

    public static Props Props() => Akka.Actor.Props.Create(() => new AccountsActor());

    protected override void OnCommand(object message)
    {
        if (message is not AccountOrder order) { Unhandled(message); return; }
        var (decided, refusal) = _accounts.Decide(order, Context.System.Scheduler.Now);
        if (refusal is { } why) Sender.Tell(new AccountRefused(why));
        else if (decided is null) Sender.Tell(new AccountChanged(LastSequenceNr));
        else
            Persist(decided, e =>
            {
                _accounts = _accounts.After(e);
                Sender.Tell(new AccountChanged(LastSequenceNr));
            });
    }

    protected override void OnRecover(object message)
    {
        if (message is IAccountEvent e) _accounts = _accounts.After(e);
    }

    /// <summary>
    /// A rejected event is only logged by the base, and the next one would build on what was never stored.
    /// </summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw new Protocol.JournalRejectedException(@event, cause);
}
