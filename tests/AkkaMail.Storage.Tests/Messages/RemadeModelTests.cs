using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Messages;

/// <summary>The read model is of another program: it is made again.</summary>
public abstract class RemadeModelTests(StorePlace place) : StoreTests(place)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_another_version_has_made_is_thrown_away()
    {
        await using (var model = new ReadModel(Place.Database("read.db")))
            await model.Project(0, Numbered(1, Accept(Accepted(1))), None);
        Place.Execute("read.db", "UPDATE made SET version = version + 1; ALTER TABLE messages ADD COLUMN later INTEGER");

        await using var again = new ReadModel(Place.Database("read.db"));

        Assert.Equal(0, await again.PlaceOf(0, None));   // So the journal is read from its start.
        Assert.Empty(await again.Counters(None));
    }
}

public sealed class RemadeModelOnSqlite() : RemadeModelTests(new SqlitePlace());

public sealed class RemadeModelOnPostgres() : RemadeModelTests(new PostgresPlace());
