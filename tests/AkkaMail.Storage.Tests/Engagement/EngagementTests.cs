using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Engagement;

public abstract class EngagementTests : StoreTests, IAsyncLifetime
{
    private readonly EngagementStore _store;
    private readonly ReadModel _read;

    protected EngagementTests(StorePlace place) : base(place) =>
        (_store, _read) = (new(Place.Database("engagement.db")), new(Place.Database("read.db")));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _read.DisposeAsync();
    }

    [Fact]
    public async Task The_latest_sign_of_life_counts_whatever_order_they_are_told_in_and_for_its_tenant_only()
    {
        var ann = Hash("ann");
        var message = new MessageId(Submission(1), 0);
        Assert.Equal([message], await _store.Note([new("acme", ann, Noon.AddDays(3), message), new("acme", ann, Noon)], default));
        Assert.Empty(await _store.Note([new("acme", ann, Noon, message)], default));   // Told before.
        await _store.Note([new("acme", ann, Noon.AddDays(1))], default);

        Assert.Equal(Noon.AddDays(3), (await _store.Last("acme", [ann, Hash("bob")], default))[ann]);
        Assert.Empty(await _store.Last("zeta", [ann], default));
        Assert.Equal((1, 0), (await _store.Known("acme", default), await _store.Known("zeta", default)));
        Assert.Equal(0, await _store.Prune(Noon.AddDays(3), default));
        Assert.Equal(2, await _store.Prune(Noon.AddDays(4), default));
    }

    [Fact]
    public async Task Of_whom_nothing_was_told_it_is_asked_once_and_from_the_first_word_on_it_is_known()
    {
        Assert.False(_store.KnowsNothing("acme"));
        Assert.False(await _store.Knows("acme", default));
        Assert.True(_store.KnowsNothing("acme"));
        Place.Execute("engagement.db", Place.Database("engagement.db").Text(new(
            "INSERT INTO engaged VALUES ('acme', x'00', 0)", "INSERT INTO engaged VALUES ('acme', '\\x00', 0)")));
        Assert.False(await _store.Knows("acme", default));   // Nobody else writes there: it is not asked again.

        await _store.Note([new("acme", Hash("ann"), Noon)], default);

        Assert.True(await _store.Knows("acme", default));
        Assert.False(_store.KnowsNothing("acme"));
        Assert.False(await _store.Knows("zeta", default));
    }

    [Fact]
    public async Task Addresses_are_told_page_by_page_with_how_often_they_were_delivered_to()
    {
        // Address k gets k mails on k days, the newest in the last envelope.
        var (number, submission) = (1L, 0);
        for (var k = 1; k <= 5; k++)
            for (var mail = 0; mail < k; mail++)
            {
                var accepted = Accepted(++submission) with { Recipients = [new("a.test", Hash($"r{k}"))] };
                var id = new MessageId(accepted.Id, 0);
                var events = Numbered(number, Accept(accepted), Started(id),
                    Concluded(MessageStatus.Delivered, id) with { At = Noon.AddDays(mail) });
                await _read.Project(0, events, default);
                number += events.Length;
            }

        var all = (await _read.Mailed("acme", Noon, 3, default, default)).Addresses.OrderBy(m => m.Delivered).ToList();
        var rest = await _read.Mailed("acme", Noon, 3, all.MinBy(m => m.Address.High)!.Address.Next(), default);

        Assert.Equal([3L, 4, 5], all.Select(m => m.Delivered));
        Assert.Equal((2, null), (rest.Addresses.Length, rest.Next));
        Assert.Equal((Noon, Noon.AddDays(4), (long)submission), (all[2].FirstAt, all[2].LastAt, all[2].Envelope));
        Assert.Empty((await _read.Mailed("zeta", Noon, 1, default, default)).Addresses);
        // The first two days count no more.
        Assert.Empty((await _read.Mailed("acme", Noon.AddDays(2), 4, default, default)).Addresses);
        // What came back was not delivered.
        await _read.Project(0, Numbered(number, Amended(Amendment(new(Submission(submission), 0)))), default);
        Assert.Equal([3L, 4, 4], (await _read.Mailed("acme", Noon, 3, default, default)).Addresses
            .Select(m => m.Delivered).Order());
    }
}

public sealed class EngagementOnSqlite() : EngagementTests(new SqlitePlace());

public sealed class EngagementOnPostgres() : EngagementTests(new PostgresPlace());
