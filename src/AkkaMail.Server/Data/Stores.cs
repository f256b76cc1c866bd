using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sqlite;

namespace AkkaMail.Server.Data;

/// <summary>Where each store lies: a file each in the data directory, or a schema each of one database.</summary>
public abstract class Stores
{
    public Database Content => Of(DataFiles.Content);
    public Database Read => Of(DataFiles.Read);
    public Database Idempotency => Of(DataFiles.Idempotency);
    public Database Suppressions => Of(DataFiles.Suppressions);
    public Database Returned => Of(DataFiles.Returned);
    public Database Engagement => Of(DataFiles.Engagement);
    public Database Sites => Of(DataFiles.Sites);
    public Database History => Of(DataFiles.History);
    public Database Keys => Of(DataFiles.Keys);
    public Database Secrets => Of(DataFiles.Secrets);
    public Database Reports => Of(DataFiles.Reports);

    private protected abstract Database Of(DataFile file);
}

/// <summary>Files; journal and snapshots are such, too.</summary>
public sealed class FileStores(string directory) : Stores
{
    public string Journal => PathOf(DataFiles.Journal);
    public string Snapshots => PathOf(DataFiles.Snapshots);

    /// <summary>
    /// Into which mail goes, a commit after the other: their logs are copied back in the background.
    /// <paramref name="generation"/> is the one of the read model that is read.
    /// </summary>
    public IReadOnlyList<string> Busy(int generation) =>
        [Journal, PathOf(DataFiles.Content), Of(DataFiles.Read).Generation(generation).Path];

    private protected override SqliteDatabase Of(DataFile file) => new(PathOf(file));

    private string PathOf(DataFile file) => Path.Combine(directory, file.Name);
}

/// <summary>Schemas, called as the files are; journal and snapshots are tables of one.</summary>
public sealed class PostgresStores(PostgresServer server) : Stores
{
    public PostgresServer Server => server;

    private protected override PostgresDatabase Of(DataFile file) => server.Schema(file.Schema);
}
