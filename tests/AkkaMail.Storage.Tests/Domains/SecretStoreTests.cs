using AkkaMail.Storage.Domains;

namespace AkkaMail.Storage.Tests.Domains;

public sealed class SecretStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkamail-secrets-");

    private string Path => System.IO.Path.Combine(_directory.FullName, "secrets.db");

    [Fact]
    public void A_secret_is_there_after_the_store_is_opened_again_and_keeps_its_first_value()
    {
        new SecretStore(new(Path)).Add([("a", [1, 2]), ("b", [3])], Noon);
        var store = new SecretStore(new(Path));

        store.Add([("a", [9]), ("c", [4])], Noon.AddHours(1));

        Assert.Equal([1, 2], store.Read("a"));
        Assert.Equal([new("a", Noon), new("b", Noon), new("c", Noon.AddHours(1))], store.Names());
        Assert.Null(store.Read("d"));
    }

    [Fact]
    public void What_is_deleted_is_in_no_page_of_the_file()
    {
        var store = new SecretStore(new(Path));
        byte[] secret = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        store.Add([("a", secret), ("b", [1])], Noon);

        store.Delete(["a", "never there"]);
        store.Delete([]);

        Assert.Equal([new("b", Noon)], store.Names());
        Assert.All(_directory.GetFiles(), file => Assert.Equal(-1, File.ReadAllBytes(file.FullName).AsSpan().IndexOf(secret)));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
