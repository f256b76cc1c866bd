using System.Collections.Immutable;
using Akka;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams.Dsl;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;

namespace AkkaMail.Engine.Tests.Tenants;

/// <summary>A node's copy of the accounts stands still, and somebody wants to delete what they do not need.</summary>
public sealed class AccountsFollowerTests : Kit
{
    private readonly AccountsView _view = new();
    private readonly Stored _stored = new();
    private readonly IActorRef _follower;

    // The clock does not move, so it looks when it is asked and never else.
    public AccountsFollowerTests() : base(movesTime: true) =>
        _follower = Sys.ActorOf(AccountsFollower.Props(_view, _ => _stored));

    [Fact]
    public async Task Who_deletes_goes_by_the_journal_and_not_by_a_copy_that_stood_still()
    {
        _stored.Add("acme");
        Assert.Equal(["acme"], (await AskNow()).Accounts.Tenants.Keys.Except(["default"]));

        _stored.Add("globex");   // By another node, and nobody here has looked since.
        Assert.Equal(["acme"], _view.Current!.Tenants.Keys.Except(["default"]));

        Assert.Equal(["acme", "globex"], (await AskNow()).Accounts.Tenants.Keys.Except(["default"]).Order());
    }

    [Fact]
    public async Task A_read_that_had_begun_before_is_no_answer()
    {
        var hung = _stored.Hang();
        _follower.Tell(LookAtAccounts.Instance);
        await AwaitConditionAsync(() => Task.FromResult(_stored.Reads == 1), TimeSpan.FromSeconds(10));
        var asked = AskNow();
        _stored.Add("acme");

        hung.SetResult([]);

        Assert.Equal(["acme"], (await asked).Accounts.Tenants.Keys.Except(["default"]));
    }

    [Fact]
    public async Task A_journal_that_does_not_answer_gives_nobody_a_copy()
    {
        _stored.Add("acme");
        await AskNow();
        _stored.Hang().SetException(new InvalidOperationException("the database is away"));

        await Assert.ThrowsAsync<InvalidOperationException>(AskNow);

        Assert.Equal(["acme"], (await AskNow()).Accounts.Tenants.Keys.Except(["default"]));
    }

    private async Task<AccountsNow> AskNow() =>
        await _follower.Ask<object>(AskAccountsNow.Instance, TimeSpan.FromSeconds(10)) switch
        {
            AccountsNow now => now,
            Status.Failure f => throw f.Cause,
            var other => throw new InvalidOperationException($"{other}"),
        };

    private sealed class Stored : ICurrentEventsByPersistenceIdQuery
    {
        private readonly Lock _lock = new();
        private ImmutableArray<EventEnvelope> _events = [];
        private TaskCompletionSource<IEnumerable<EventEnvelope>>? _hung;

        public int Reads { get; private set; }

        public void Add(string tenant)
        {
            lock (_lock)
                _events = _events.Add(new(Offset.Sequence(_events.Length + 1), AccountsActor.Id, _events.Length + 1,
                    new TenantCreated(DateTimeOffset.UnixEpoch, "k1", tenant, null), 0, []));
        }

        /// <summary>The next read answers when it is told to.</summary>
        public TaskCompletionSource<IEnumerable<EventEnvelope>> Hang()
        {
            lock (_lock) return _hung = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public Source<EventEnvelope, NotUsed> CurrentEventsByPersistenceId(string id, long from, long to)
        {
            lock (_lock)
            {
                Reads++;
                if (_hung is not { } hung) return Source.From(_events.Where(e => e.SequenceNr >= from).ToList());
                _hung = null;
                return Source.FromTask(hung.Task).ConcatMany(Source.From);
            }
        }
    }
}
