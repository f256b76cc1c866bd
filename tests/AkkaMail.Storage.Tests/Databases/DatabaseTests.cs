using System.Globalization;
using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;

namespace AkkaMail.Storage.Tests.Databases;

/// <summary>What is made anew and what is brought up to date may stand in one file.</summary>
public abstract class DatabaseTests : StoreTests
{
    private static readonly string[] Tables = ["made_anew"];
    private readonly Database _db;

    protected DatabaseTests(StorePlace place) : base(place)
    {
        _db = Place.Database("a.db") with { Store = "The store" };
        _db.Migrate(Steps("CREATE TABLE kept (x INTEGER)"));
        Remake(1, "x INTEGER");
        Run("INSERT INTO kept VALUES (1); INSERT INTO made_anew VALUES (1)");
    }

    private void Remake(int version, string columns) =>
        _db.Remake(version, Tables, new($"CREATE TABLE made_anew ({columns})", $"CREATE TABLE made_anew ({columns})"));

    private long Run(string sql) => _db.Write(connection =>
        connection.Scalar(sql) is { } found ? Convert.ToInt64(found, CultureInfo.InvariantCulture) : -1);

    private static Schema Steps(params IEnumerable<string> steps) => new([.. steps.Select(s => new Dialects(s, s))]);

    [Fact]
    public void What_a_newer_program_has_written_is_refused_in_a_sentence()
    {
        _db.Migrate(Steps("CREATE TABLE kept (x INTEGER)", "ALTER TABLE kept ADD y INTEGER"));

        Assert.EndsWith("was written by a newer program: its version is 2, and this one knows 1. Take that program, or a "
            + "backup from before it.", Assert.Throws<InvalidDataException>(
                () => _db.Migrate(Steps("CREATE TABLE kept (x INTEGER)"))).Message, StringComparison.Ordinal);
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

public sealed class DatabaseOnSqlite() : DatabaseTests(new SqlitePlace());

public sealed class DatabaseOnPostgres() : DatabaseTests(new PostgresPlace());
