using AkkaMail.Storage.Domains;

namespace AkkaMail.Storage.Tests.Domains;

public abstract class SecretStoreTests(StorePlace place) : StoreTests(place)
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    protected SecretStore Open() => new(Place.Database("secrets.db"));

    [Fact]
    public void A_secret_is_there_after_the_store_is_opened_again_and_keeps_its_first_value()
    {
        Open().Add([("a", [1, 2]), ("b", [3])], Noon);
        var store = Open();

        store.Add([("a", [9]), ("c", [4])], Noon.AddHours(1));

        Assert.Equal([1, 2], store.Read("a"));
        Assert.Equal([new("a", Noon), new("b", Noon), new("c", Noon.AddHours(1))], store.Names());
        Assert.Null(store.Read("d"));
    }

    [Fact]
    public void What_is_deleted_is_no_longer_there()
    {
        var store = Open();
        store.Add([("a", [2]), ("b", [1])], Noon);

        store.Delete(["a", "never there"]);
        store.Delete([]);

        Assert.Equal([new("b", Noon)], store.Names());
    }
}

public sealed class SecretStoreOnSqlite() : SecretStoreTests(new SqlitePlace())
{
    [Fact]
    public void What_is_deleted_is_in_no_page_of_the_file()
    {
        var store = Open();
        byte[] secret = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        store.Add([("a", secret), ("b", [1])], Noon);

        store.Delete(["a"]);

        Assert.All(Directory.GetFiles(Path.GetDirectoryName(((SqlitePlace)Place).File("secrets.db"))!),
            file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(secret)));
    }
}

public sealed class SecretStoreOnPostgres() : SecretStoreTests(new PostgresPlace());
