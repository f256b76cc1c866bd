using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Where a server keeps what it knows, as settings say it.</summary>
internal static class Stored
{
    public const string Sqlite = "sqlite", Postgres = "postgres";

    private const string Variable = "AKKAMAIL_TEST_STORAGE";

    /// <summary>Where it does whose test does not say: files, or with <c>AKKAMAIL_TEST_STORAGE=postgres</c> a database.</summary>
    public static string OfThisRun { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "files" => Sqlite,
        Postgres => Postgres,
        var other => throw new ArgumentException($"{Variable} is '{other}': it is 'files' or 'postgres'"),
    };

    /// <summary>A new place of that kind.</summary>
    public static (string Name, string Value)[] In(string provider) => provider == Postgres
        ? At(PostgresCluster.Shared.NewDatabase()) : [(Provider, Sqlite)];

    public static (string Name, string Value)[] At(string connectionString) =>
        [(Provider, Postgres), (ConnectionString, connectionString)];

    public const string Provider = "AkkaMail__Storage__Provider";
    public const string ConnectionString = "AkkaMail__Storage__ConnectionString";

    /// <summary>Why a test of what only files have is skipped in this run; null: it is not.</summary>
    public static string? SkipUnlessFiles(string? reason) => OfThisRun == Postgres ? reason : null;
}

/// <summary>A test of files, which a run on a database names and skips.</summary>
internal sealed class FilesFactAttribute : FactAttribute
{
    public FilesFactAttribute(string reason) => Skip = Stored.SkipUnlessFiles(reason);
}

internal sealed class FilesTheoryAttribute : TheoryAttribute
{
    public FilesTheoryAttribute(string reason) => Skip = Stored.SkipUnlessFiles(reason);
}
