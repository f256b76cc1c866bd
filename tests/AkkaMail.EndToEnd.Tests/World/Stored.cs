using AkkaMail.Rig;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Where a server keeps what it knows, as settings say it.</summary>
internal static class Stored
{
    public const string Sqlite = "sqlite", Postgres = "postgres";

    /// <summary>A new place of that kind.</summary>
    public static (string Name, string Value)[] In(string provider) =>
        provider == Sqlite ? [] : At(PostgresCluster.Shared.NewDatabase());

    public static (string Name, string Value)[] At(string connectionString) =>
    [
        ("AkkaMail__Storage__Provider", Postgres), ("AkkaMail__Storage__ConnectionString", connectionString),
    ];
}
