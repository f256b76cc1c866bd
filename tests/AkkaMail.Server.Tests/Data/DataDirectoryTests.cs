using AkkaMail.Server.Data;

namespace AkkaMail.Server.Tests.Data;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-data-").FullName;

    [Fact]
    public void What_it_has_made_it_opens_again()
    {
        var first = Open();
        first.Dispose();

        using var second = Open();

        Assert.Equal(first.Installation.AddressKey, second.Installation.AddressKey);
    }

    /// <summary>Read as its own, old bytes would be other events.</summary>
    [Theory]
    [InlineData("", "older")]
    [InlineData(",\"DataVersion\":0", "older")]
    [InlineData(",\"DataVersion\":1000", "newer")]
    public void A_directory_of_another_program_is_refused_in_a_sentence(string version, string which)
    {
        File.WriteAllText(Path.Combine(_path, "installation.json"),
            $"{{\"Ledgers\":1,\"AddressKey\":\"AAAA\",\"AdminKeyHash\":null{version}}}");

        var refused = Assert.Throws<StartException>(() => Open());

        Assert.Equal($"{_path} was written by {(which == "older" ? "an older" : "a newer")} program, which this one cannot "
            + "read: take that program, or another directory.", refused.Message);
        Assert.Equal(2, Directory.GetFileSystemEntries(_path).Length);   // What was there, and the lock: nothing was made.
    }

    private DataDirectory Open() => DataDirectory.Open(_path, ledgers: null, adminKey: "0123456789abcdef");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
