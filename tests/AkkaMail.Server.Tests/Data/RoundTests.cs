using System.Text.Json.Nodes;
using AkkaMail.Server.Data;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Sqlite;
using AkkaMail.Storage.Suppression;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Tests.Data;

/// <summary>Files that are whole, and not the ones that were there: copied back one by one, or in each other's place.</summary>
public sealed class RoundTests : IAsyncLifetime
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-round-").FullName;

    private string PathOf(string name) => Path.Combine(_path, name);

    public async Task InitializeAsync()
    {
        using var data = Open();
        await using (new SuppressionStore(data.Stores.Suppressions))
        await using (new SiteLog(data.Stores.Sites)) { }
        data.NoteRound();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_path, recursive: true);
        return Task.CompletedTask;
    }

    private DataDirectory Open(params string[] accepted) => DataDirectory.Open(_path, null, "0123456789abcdef", accepted);

    private string Refused(params string[] accepted) => Assert.Throws<StartException>(() => Open(accepted)).Message;

    /// <summary>As a backup of yesterday is, beside the files of today.</summary>
    private void BringBackOlder(string name)
    {
        var copy = File.ReadAllBytes(PathOf(name));
        using (Open()) { }   // A run that ends, which is a round.
        SqliteConnection.ClearAllPools();
        File.WriteAllBytes(PathOf(name), copy);
        foreach (var end in (string[])["-wal", "-shm"]) File.Delete(PathOf(name + end));
    }

    [Fact]
    public void An_older_copy_of_one_file_is_told_and_stays_when_that_is_accepted()
    {
        BringBackOlder("suppressions.db");

        Assert.Equal($"{PathOf("suppressions.db")} is older than the files beside it. Restore it from a backup, or start once "
            + "with --accept-loss suppressions.db: it goes on without what is newer.", Refused());
        using (var data = Open("suppressions.db")) data.NoteRound();
        Assert.False(File.Exists(PathOf("suppressions.db.broken")));

        using var next = Open();
        Assert.Empty(next.Lost);
    }

    [Fact]
    public void A_whole_backup_fits_itself_whichever_round_it_is_of()
    {
        var names = Directory.EnumerateFiles(_path).Where(f => !f.EndsWith("lock", StringComparison.Ordinal)).ToList();
        var copies = names.ToDictionary(f => f, File.ReadAllBytes);
        using (Open()) { }
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_path)) File.Delete(file);
        foreach (var (file, copy) in copies) File.WriteAllBytes(file, copy);

        using var data = Open();
        Assert.Empty(data.Lost);
    }

    /// <summary>The copy took minutes, and rounds went by: installation.json is the oldest of it.</summary>
    [Fact]
    public void Databases_may_be_newer_than_installation_json()
    {
        var copy = File.ReadAllBytes(PathOf("installation.json"));
        using (Open()) { }
        File.WriteAllBytes(PathOf("installation.json"), copy);

        using var data = Open();
        Assert.Empty(data.Lost);
    }

    [Fact]
    public void One_file_in_the_place_of_another_is_told()
    {
        File.Copy(PathOf("sites.db"), PathOf("suppressions.db"), overwrite: true);

        Assert.Contains("suppressions.db is another file, or of another installation", Refused(), StringComparison.Ordinal);
    }

    /// <summary>A log lies beside each database after a stop; SQLite throws that of an empty one away.</summary>
    [Fact]
    public void An_empty_file_is_told_also_when_its_log_is_there()
    {
        File.WriteAllBytes(PathOf("suppressions.db"), []);
        File.WriteAllBytes(PathOf("suppressions.db-wal"), new byte[4_152]);

        Assert.Contains("suppressions.db is empty. Restore it", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AddressKey", null, "is not what a server has written")]
    [InlineData("AddressKey", "AAAA", "is not what a server has written")]
    [InlineData("Ledgers", 0, "is not what a server has written")]
    [InlineData("AddressKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "is of another installation than the databases beside it")]
    public void An_installation_json_that_is_not_this_ones_is_told_and_can_be_lost(string field, object? value, string says)
    {
        var file = JsonNode.Parse(File.ReadAllText(PathOf("installation.json")))!;
        file[field] = value is int number ? number : (string?)value;
        File.WriteAllText(PathOf("installation.json"), file.ToJsonString());

        Assert.Contains($"installation.json {says}. Restore it", Refused(), StringComparison.Ordinal);
        using var data = Open("installation.json");
        Assert.Equal(["installation.json"], data.Lost);
    }

    [Fact]
    public void What_is_moved_away_while_a_server_runs_is_named_and_fits_when_it_is_put_back_after_the_stop()
    {
        using (var data = Open())
        {
            File.Move(PathOf("suppressions.db"), PathOf("away.db"));
            data.NoteRound();
            Assert.Equal(["suppressions.db"], data.Gone);
        }
        File.Move(PathOf("away.db"), PathOf("suppressions.db"));

        using var next = Open();
        next.NoteRound();
        Assert.Empty(next.Gone);
        Assert.Empty(next.Lost);
    }
}
