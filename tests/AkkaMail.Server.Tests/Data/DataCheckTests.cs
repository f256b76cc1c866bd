using AkkaMail.Server.Data;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Domains;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Sqlite;
using AkkaMail.Storage.Suppression;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Tests.Data;

/// <summary>Files are lost one by one: by a bad disk, a wrong restore, a slip of the hand.</summary>
public sealed class DataCheckTests : IAsyncLifetime
{
    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-check-").FullName;

    private string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>As a server that has run leaves it: ten events in the journal, and all have read them.</summary>
    public async Task InitializeAsync()
    {
        using var data = Open();
        await using (new ContentStore(data.Stores.Content))
        await using (new ReadModel(data.Stores.Read))
        await using (new IdempotencyStore(data.Stores.Idempotency))
        await using (new SuppressionStore(data.Stores.Suppressions))
        await using (new SiteLog(data.Stores.Sites)) { }
        _ = new SecretStore(data.Stores.Secrets);
        Execute("journal.db", """
            CREATE TABLE journal (persistence_id TEXT, sequence_number INTEGER);
            INSERT INTO journal VALUES ('ledger-0', 9), ('ledger-0', 10);
            """);
        Execute("snapshots.db", "CREATE TABLE snapshot (persistence_id TEXT, sequence_number INTEGER)");
        Execute("snapshots.db", "INSERT INTO snapshot VALUES ('ledger-0', 8)");
        Execute("read.db", "INSERT INTO offsets VALUES (0, 10)");
        Execute("suppressions.db", "INSERT INTO offsets VALUES (0, 10)");
        Execute("idempotency.db", "INSERT INTO places VALUES (0, 10)");
        data.NoteRound();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_path, recursive: true);
        return Task.CompletedTask;
    }

    private DataDirectory Open(params string[] accepted) => DataDirectory.Open(_path, null, "0123456789abcdef", accepted);

    private void Execute(string name, string sql) => new SqliteDatabase(PathOf(name)).Write(
        connection => connection.Run(sql));

    private void Delete(string name)
    {
        foreach (var file in Directory.EnumerateFiles(_path, name + "*")) File.Delete(file);
    }

    private void Accept(long envelope) => Execute("read.db", $"""
        INSERT INTO messages VALUES (x'{envelope:x32}', 0, 0, 't', 's', 0, 'a@b.example', NULL, NULL, 0, {envelope},
            'c.example', NULL, x'00', 0, 0, NULL, 0, 1, NULL, 0, NULL, NULL, 0, '~waiting', NULL, NULL, 0, 1, NULL)
        """);

    private string Refused(params string[] accepted) => Assert.Throws<StartException>(() => Open(accepted)).Message;

    [Fact]
    public void Nothing_is_said_of_files_that_fit_each_other()
    {
        using var data = Open();

        Assert.Empty(data.MadeAgain);
        Assert.Empty(data.Lost);
    }

    public static TheoryData<string, string> Kept => new()
    {
        { "journal.db", "everything is lost: this is the one to keep" },
        { "content.db", "what is not yet sent fails; stories have no addresses" },
        { "suppressions.db", "mail goes to people who have had enough" },
        { "secrets.db", "mail is not signed, and waits; links and return paths sent before lead nowhere" },
        { "sites.db", "that history is lost; mail goes on" },
        { "idempotency.db", "requests of the last day that come again are sent again, until the journal has been read" },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void What_nothing_else_has_ends_the_start_with_its_name_and_what_follows(string name, string without)
    {
        Delete(name);
        Assert.Equal($"{PathOf(name)} is not there. Restore it from a backup, or start once with --accept-loss {name}: "
            + $"{without}.", Refused());

        File.WriteAllBytes(PathOf(name), []);
        Assert.Contains($"{name} is empty. Restore it", Refused(), StringComparison.Ordinal);
        File.WriteAllBytes(PathOf(name), [.. Enumerable.Range(0, 20_000).Select(i => (byte)(i * 7))]);
        Assert.Contains($"{name} is no SQLite database. Restore it", Refused(), StringComparison.Ordinal);

        using var data = Open(name);
        Assert.Equal([name], data.Lost);
        Assert.Equal([name], data.Installation.Losses!);
        Assert.True(File.Exists(PathOf(name + ".broken")));   // For whoever wants to look at it.
    }

    [Fact]
    public void A_file_that_was_cut_off_is_told_with_how_much_is_there()
    {
        using (var stream = File.OpenWrite(PathOf("suppressions.db"))) stream.SetLength(8_192);

        Assert.Contains("suppressions.db ends after 8192 of ", Refused(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read.db")]
    [InlineData("snapshots.db")]
    public void What_can_be_made_again_is_put_aside(string name)
    {
        File.WriteAllBytes(PathOf(name), [1, 2, 3]);

        using var data = Open();

        Assert.Equal([name], data.MadeAgain);
        Assert.False(File.Exists(PathOf(name)));
        Assert.True(File.Exists(PathOf(name + ".broken")));
    }

    [Fact]
    public void Without_installation_json_no_address_is_found_again_so_it_is_not_made_anew()
    {
        File.Delete(PathOf("installation.json"));

        Assert.StartsWith($"{PathOf("installation.json")} is not there, though suppressions.db is. Restore it", Refused(),
            StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("installation.json")));
        using var data = Open("installation.json");
        Assert.Equal(["installation.json"], data.Lost);
    }

    [Theory]
    [InlineData("suppressions.db", false)]
    [InlineData("content.db", false)]
    [InlineData("journal.db", false)]
    [InlineData("read.db", true)]
    public void A_file_of_another_installation_is_no_file_of_this_one(string name, bool isMadeAgain)
    {
        var database = new SqliteDatabase(PathOf(name));
        database.Mark(database.Owner() + 2, 1);   // As a copy from elsewhere is marked.

        if (!isMadeAgain)
            Assert.Contains($"{name} is another file, or of another installation than the files beside it. Restore it", Refused(), StringComparison.Ordinal);
        using var data = Open(name == "read.db" ? [] : [name]);

        Assert.Equal([name], isMadeAgain ? data.MadeAgain : data.Lost);
        Assert.True(File.Exists(PathOf(name + ".broken")));
    }

    [Fact]
    public void Whose_installation_json_was_lost_the_files_are_marked_anew()
    {
        File.Delete(PathOf("installation.json"));
        using (var data = Open("installation.json")) data.NoteRound();

        using var next = Open();

        Assert.Empty(next.Lost);
    }

    [Fact]
    public void A_journal_that_is_older_than_who_has_read_it_is_told_and_what_it_is_read_for_made_again()
    {
        Execute("journal.db", "DELETE FROM journal WHERE sequence_number > 7; INSERT INTO journal VALUES ('ledger-0', 7)");

        Assert.Contains("journal.db ends at event 7 of ledger 0, though read.db has read 10: it is older than the files beside it. "
            + "Restore it", Refused(), StringComparison.Ordinal);
        using (var data = Open("journal.db")) Assert.Equal(["journal.db"], data.Lost);

        using var next = Open();   // The places were set to the journal's end: new events are followed.
        Assert.Equal(7L, new SqliteDatabase(PathOf("idempotency.db")).QueryNow(db => db.Execute<long>("SELECT seq FROM places")));
        Assert.Empty(next.Lost);
        Assert.False(File.Exists(PathOf("read.db")));
        Assert.False(File.Exists(PathOf("snapshots.db")));
    }

    [Fact]
    public async Task Each_generation_of_the_lists_that_has_read_further_than_the_journal_goes_is_made_again()
    {
        using (var data = Open())
        await using (new ReadModel(data.Stores.Read.Generation(2))) data.NoteRound();
        Execute("read-2.db", "INSERT INTO offsets VALUES (0, 8)");
        Execute("journal.db", "DELETE FROM journal WHERE sequence_number > 7; INSERT INTO journal VALUES ('ledger-0', 7)");

        using var next = Open("journal.db");

        Assert.Equal(["read-2.db", "read.db", "snapshots.db"], next.MadeAgain.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_generation_of_another_installation_is_told_by_its_number()
    {
        using (var data = Open())
        await using (new ReadModel(data.Stores.Read.Generation(2))) { data.NoteRound(); }
        new SqliteDatabase(PathOf("read-2.db")).Mark(77, 1);

        using var next = Open();

        Assert.Equal(["read-2.db"], next.MadeAgain);
    }

    /// <summary>A copy of yesterday beside the journal of today: what is not yet sent would fail one by one.</summary>
    [Fact]
    public void A_content_that_is_older_than_the_newest_mail_is_told_until_it_is_accepted()
    {
        Accept(envelope: 1L << 60);

        Assert.Contains("content.db does not have the newest mail that was accepted: it is older than the files beside it. "
            + "Restore it", Refused(), StringComparison.Ordinal);
        using (var data = Open("content.db")) Assert.Equal(["content.db"], data.Lost);

        using var next = Open();
        Assert.Empty(next.Lost);
        Assert.False(File.Exists(PathOf("content.db.broken")));   // What it has is as good as it was.
    }

    [Fact]
    public async Task Mail_that_was_erased_is_not_lost()
    {
        await using (var store = new ContentStore(new SqliteDatabase(PathOf("content.db"))))
        {
            var envelope = await store.Write(
                "default", new("Hi", "Hello", null, []), new(new("", "a@b.example"), [], [],
                    [new([new("", "c@d.example")], [], [], null, [], [], [])]), DateTimeOffset.MaxValue, default);
            Accept(envelope);
            using (Open()) { }
            await store.Erase(envelope, default);
        }

        using var data = Open();
        Assert.Empty(data.Lost);
    }

    [Fact]
    public void A_snapshot_of_events_that_are_not_there_is_no_short_cut_whoever_it_is_of()
    {
        Execute("snapshots.db", "INSERT INTO snapshot VALUES ('accounts', 4)");

        Assert.Contains("journal.db ends before what is in snapshots.db: it is older", Refused(), StringComparison.Ordinal);
        using var data = Open("journal.db");

        Assert.Equal(["snapshots.db"], data.MadeAgain);
    }

    [Fact]
    public void A_journal_that_begins_anew_keeps_no_short_cuts_of_the_one_before()
    {
        Delete("journal.db");

        using var data = Open("journal.db");

        Assert.Equal(["read.db", "snapshots.db"], data.MadeAgain.Order());
    }

    [Fact]
    public void A_loss_that_no_backup_could_mend_cannot_be_accepted() =>
        Assert.Equal("--accept-loss names protection: it is for installation.json, suppressions.db, idempotency.db, sites.db, returned.db, engagement.db, "
            + "domain-reports.db, keys.db, journal.db, content.db, history.db, secrets.db.", Refused("protection"));

    [Fact]
    public void A_directory_that_others_can_read_is_closed_to_them()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(_path, (UnixFileMode)0b111_101_101);

        using var data = Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_path));
    }
}
