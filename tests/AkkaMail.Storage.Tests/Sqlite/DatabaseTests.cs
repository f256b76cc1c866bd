using AkkaMail.Core.Mail;
using AkkaMail.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Storage.Tests.Sqlite;

/// <summary>What is made anew and what is brought up to date may stand in one file.</summary>
public sealed class DatabaseTests : IDisposable
{
    private static readonly string[] Tables = ["made_anew"];
    private readonly TempDirectory _directory = new();
    private readonly Database _db;

    public DatabaseTests()
    {
        _db = _directory.Database("a.db") with { Store = "The store" };
        _db.Migrate(["CREATE TABLE kept (x INTEGER)"]);
        Remake(1, "x INTEGER");
        Run("INSERT INTO kept VALUES (1); INSERT INTO made_anew VALUES (1)");
    }

    public void Dispose() => _directory.Dispose();

    private void Remake(int version, string columns) =>
        _db.Remake(version, Tables, $"CREATE TABLE made_anew ({columns})");

    private long Run(string sql) => _db.Write(connection =>
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar() as long? ?? -1;
    });

    [Fact]
    public void What_a_newer_program_has_written_is_refused_in_a_sentence()
    {
        _db.Migrate(["CREATE TABLE kept (x INTEGER)", "ALTER TABLE kept ADD y INTEGER"]);

        Assert.Equal($"{_db.Path} was written by a newer program: its version is 2, and this one knows 1. Take that program, "
            + "or a backup from before it.", Assert.Throws<InvalidDataException>(() => _db.Migrate(["CREATE TABLE kept (x INTEGER)"])).Message);
    }

    [Fact]
    public void What_the_same_version_has_made_stays()
    {
        Remake(1, "x INTEGER");

        Assert.Equal(1, Run("SELECT count(*) FROM made_anew"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void What_another_version_has_made_is_thrown_away_and_the_rest_is_not(int version)
    {
        Remake(version, "x INTEGER, y INTEGER");

        Assert.Equal((0, 1), (Run("SELECT count(y) FROM made_anew"), Run("SELECT count(*) FROM kept")));
    }

    [Fact]
    public void A_remake_that_fails_leaves_all_as_it_was()
    {
        Assert.Throws<StoreException>(() => Remake(2, "no column, at all, ("));

        Assert.Equal(1, Run("SELECT count(*) FROM made_anew"));
    }

    [Fact]
    public void A_fault_says_whose_it_is() => Assert.StartsWith(
        "The store", Assert.Throws<StoreException>(() => Run("SELECT * FROM nothing")).Message, StringComparison.Ordinal);
}
