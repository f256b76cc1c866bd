using AkkaMail.Storage.Tenants;

namespace AkkaMail.Storage.Tests.Tenants;

public abstract class KeyUsesTests(StorePlace place) : StoreTests(place)
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly KeyUses _uses = new(place.Database("keys.db"));

    [Fact]
    public async Task The_last_use_stays_and_an_older_one_written_late_changes_nothing()
    {
        _uses.Write([new("k1", Noon, "192.0.2.1"), new("k2", Noon, null)]);
        _uses.Write([new("k1", Noon.AddMinutes(1), "192.0.2.2")]);
        _uses.Write([new("k1", Noon.AddSeconds(1), "192.0.2.3")]);

        var again = new KeyUses(Place.Database("keys.db"));

        var found = await again.Of(["k1", "k2", "k3"], default);
        Assert.Equal(new Dictionary<string, KeyUse>
        {
            ["k1"] = new("k1", Noon.AddMinutes(1), "192.0.2.2"),
            ["k2"] = new("k2", Noon, null),
        }, found);
    }

    [Fact]
    public async Task Keys_that_are_no_more_are_forgotten()
    {
        _uses.Write([new("k1", Noon, null), new("k2", Noon, null)]);

        Assert.Equal(["k1", "k2"], _uses.Ids().Order());
        Assert.Equal(1, _uses.Forget(["k1"]));

        Assert.Equal(["k2"], (await _uses.Of(["k1", "k2"], default)).Keys);
    }
}

public sealed class KeyUsesOnSqlite() : KeyUsesTests(new SqlitePlace());

public sealed class KeyUsesOnPostgres() : KeyUsesTests(new PostgresPlace());
