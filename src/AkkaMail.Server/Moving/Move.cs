using System.Data.Common;
using AkkaMail.Server.Data;
using AkkaMail.Server.Options;
using AkkaMail.Storage;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sqlite;

namespace AkkaMail.Server.Moving;

/// <summary>
/// Takes an installation that is stopped from its files into a database: journal, contents, lists and keys as they are;
/// lists of messages are made from the journal at the first start there. The row of the installation comes last: one that
/// was cut off is begun anew. The files stay as they are, and only say that they have moved.
/// </summary>
internal static class Move
{
    /// <summary>What installation.json is called afterwards.</summary>
    public const string MovedName = "installation.json.moved";

    /// <summary>Tells a line for each table; a <see cref="StartException"/> says why nothing has moved.</summary>
    public static void Run(AkkaMailOptions options, StorageOptions storage, string to, Action<string> tell)
    {
        using var server = new PostgresServer(to);
        if (server.Prepare() is { } problem) throw new StartException($"{server.Where} cannot be used: {problem}.");
        if (!File.Exists(System.IO.Path.Combine(options.DataDirectory, DataFiles.Installation.Name)))
            throw new StartException($"{options.DataDirectory} is no installation: there is no {DataFiles.Installation.Name}.");
        using var data = DataDirectory.Open(options.DataDirectory, null, null, []);
        if (InstallationTable.Find(server) is { } there)
        {
            if (!there.AddressKey.AsSpan().SequenceEqual(data.Installation.AddressKey))
                throw new StartException($"{server.Where} has an installation already: take an empty database.");
            data.HasMoved(MovedName);   // All was there, and only the files did not say so yet.
            return;
        }
        Empty(server);
        CarriedKeys.Take(new(System.IO.Path.Combine(data.Path, DataFiles.Read.Name)), data.Stores.Idempotency);

        foreach (var file in DataFiles.All.Where(f => f.IsDatabase && KeptSchemas.All.ContainsKey(f.Schema)))
        {
            var schema = server.Schema(file.Schema);
            schema.Migrate(KeptSchemas.All[file.Schema]);
            if (file == DataFiles.Content) KeptSchemas.PrepareMovedContent(schema);
            Copy(data, file, schema, null, Packing(file));
        }
        var journal = server.Schema(PostgresJournal.Name);
        journal.Migrate(PostgresJournal.Schema);
        Copy(data, DataFiles.Journal, journal, ["journal"], null);
        Copy(data, DataFiles.Snapshots, journal, ["snapshot"], null);
        var elements = data.KeyRingElements();
        InstallationTable.Prepare(server).Write(connection =>
        {
            foreach (var element in elements)
                KeyRingTable.Add(connection, storage.SecretKeyText is { } key ? KeyRingWrapping.Wrap(element, key) : element);
            InstallationTable.Put(connection, data.Installation);
            return true;
        });
        data.HasMoved(MovedName);
        tell($"{elements.Count} keys of the key ring{(storage.SecretKeyText is null ? "" : ", wrapped by Storage:SecretKey")}");

        void Copy(
            DataDirectory from, DataFile file, PostgresDatabase schema, IReadOnlyList<string>? tables,
            Func<string, Func<string, object, object>?>? changes)
        {
            var path = System.IO.Path.Combine(from.Path, file.Name);
            if (!File.Exists(path)) return;
            using var connection = new SqliteDatabase(path).OpenWriter();
            foreach (var table in tables ?? Tables(connection, schema))
            {
                var (rows, here) = TableCopy.Run(connection, schema, table, changes?.Invoke(table));
                tell($"{file.Name} {table}: {rows} rows");
                if (rows != here)
                    throw new StartException($"{file.Name} {table} has {rows} rows, and {schema.Table(table)} has {here}: "
                        + "nothing has moved, the files are as they were.");
            }
        }
    }

    /// <summary>What stands in both: marks and rounds are a file's own.</summary>
    private static List<string> Tables(DbConnection file, PostgresDatabase schema)
    {
        using var connection = schema.OpenWriter();
        var here = connection.Read(row => row.GetString(0), """
            SELECT relname::text FROM pg_class WHERE relnamespace = @a::regnamespace AND relkind IN ('r', 'p')
                AND NOT relispartition
            """, schema.Name);
        return [.. file.Read(row => row.GetString(0), "SELECT name FROM sqlite_master WHERE type = 'table'").Intersect(here).Except([KeptSchemas.Generations])];
    }

    private static Func<string, Func<string, object, object>?>? Packing(DataFile file) => file != DataFiles.Content ? null
        : table => table != "bodies" ? null
            : (column, value) => column == "body" ? KeptSchemas.Packed((byte[])value) : value;

    /// <summary>What one that was cut off has left goes.</summary>
    private static void Empty(PostgresServer server)
    {
        InstallationTable.Prepare(server);
        using var connection = server.OpenForLong();
        connection.Run("DELETE FROM akkamail.key_ring; DELETE FROM akkamail.migrations WHERE store <> @a", PostgresServer.Shared);
        var read = server.Schema(DataFiles.Read.Schema);
        foreach (var schema in (string[])[.. KeptSchemas.All.Keys, PostgresJournal.Name,
            .. read.Generations().Select(n => read.Generation(n).Name)])
            connection.Run($"DROP SCHEMA IF EXISTS \"{schema}\" CASCADE");
    }
}
