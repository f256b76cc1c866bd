using System.Data.Common;
using AkkaMail.Storage.Cluster;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Server.Data;

/// <summary>
/// The row <c>akkamail.installation</c>: what installation.json says where the stores are files. All who start see one
/// truth, settled by whoever comes first.
/// </summary>
internal static class InstallationTable
{
    private static readonly Schema Schema = new(new Dialects("", """
        CREATE TABLE installation (
            one BOOLEAN PRIMARY KEY DEFAULT true CHECK (one), data_version BIGINT NOT NULL, ledgers BIGINT NOT NULL,
            address_key BYTEA NOT NULL, admin_key_hash BYTEA);
        CREATE TABLE key_ring (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, xml TEXT NOT NULL);
        """), new Dialects("", NodeStore.Schema));

    private const string Select = "SELECT data_version, ledgers, address_key, admin_key_hash FROM installation";

    /// <param name="settle">What it shall be, of what it is; null: it is not there.</param>
    public static void Open(PostgresServer server, Func<Installation?, Installation> settle)
    {
        Prepare(server).Write(connection =>
        {
            // Until the end of it nobody else settles anything.
            connection.Run("LOCK TABLE installation IN EXCLUSIVE MODE");
            var known = connection.Read(Row, Select).SingleOrDefault();
            var now = settle(known);
            if (now != known) Put(connection, now);
            return now;
        });
    }

    public static PostgresDatabase Prepare(PostgresServer server)
    {
        var database = server.Schema(PostgresServer.Shared) with { Store = "The installation" };
        database.Migrate(Schema);
        return database;
    }

    /// <summary>Null: there is none.</summary>
    public static Installation? Find(PostgresServer server) =>
        Prepare(server).Write(connection => connection.Read(Row, Select).SingleOrDefault());

    /// <summary>Writes it as it is, or over what is there.</summary>
    public static void Put(DbConnection connection, Installation installation) => connection.Run("""
        INSERT INTO installation (data_version, ledgers, address_key, admin_key_hash) VALUES (@a, @b, @c, @d)
        ON CONFLICT (one) DO UPDATE SET data_version = excluded.data_version, ledgers = excluded.ledgers,
            address_key = excluded.address_key, admin_key_hash = excluded.admin_key_hash
        """, installation.DataVersion, installation.Ledgers, installation.AddressKey, installation.AdminKeyHash);

    private static Installation Row(DbDataReader row) => new(
        (int)row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3))
    {
        DataVersion = (int)row.GetInt64(0),
    };
}
