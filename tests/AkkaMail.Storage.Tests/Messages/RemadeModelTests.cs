using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>The read model is emptied, or of another program: what comes again.</summary>
public abstract class RemadeModelTests : StoreTests, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ReadModel _model;

    protected RemadeModelTests(StorePlace place) : base(place) => _model = new(Place.Database("read.db"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _model.DisposeAsync().AsTask();

    [Fact]
    public async Task What_another_version_has_made_is_thrown_away()
    {
        await using (var model = new ReadModel(Place.Database("other.db")))
            await model.Project(0, Numbered(1, Accept(Accepted(1))), None);
        Place.Execute("other.db", "UPDATE made SET version = version + 1; ALTER TABLE messages ADD COLUMN later INTEGER");

        await using var again = new ReadModel(Place.Database("other.db"));

        Assert.Equal(0, await again.PlaceOf(0, None));   // So the journal is read from its start.
        Assert.Empty(await again.Counters(None));
    }

    [Fact]
    public async Task A_rebuild_equals_what_was_before()
    {
        var id = new MessageId(Submission(1), 0);
        var journal = Numbered(1, Accept(Accepted(1, tags: ["a"]), Accepted(2, 3)), Started(id),
            Concluded(MessageStatus.Delivered, id),
            Ended(MessageStatus.Expired, Noon.AddDays(3), new MessageId(Submission(2), 1)));
        await _model.Project(0, journal, None);
        var before = await Everything(_model);

        await _model.Empty(None);
        Assert.Null(await _model.Find(id, None));
        Assert.Empty(await _model.Counters(None));
        foreach (var e in journal) await _model.Project(0, [e], None);

        Assert.Equal(before, await Everything(_model));
    }
}

public sealed class RemadeModelOnSqlite() : RemadeModelTests(new SqlitePlace());

public sealed class RemadeModelOnPostgres() : RemadeModelTests(new PostgresPlace());
