using System.Data.Common;
using System.Xml.Linq;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AkkaMail.Server.Data;

/// <summary>The keys that open the secrets, in the database where the stores are: each node needs the same.</summary>
internal sealed class KeyRingTable(PostgresServer server) : IXmlRepository
{
    private readonly PostgresDatabase _db = server.Schema(PostgresServer.Shared) with { Store = "The key ring" };

    public IReadOnlyCollection<XElement> GetAllElements() => _db.Write(connection =>
        connection.Read(row => XElement.Parse(row.GetString(0)), "SELECT xml FROM key_ring ORDER BY number"));

    public void StoreElement(XElement element, string friendlyName) => _db.Write(connection => Add(connection, element));

    public static int Add(DbConnection connection, XElement element) => connection.Run(
        "INSERT INTO key_ring (xml) VALUES (@a)", element.ToString(SaveOptions.DisableFormatting));

    /// <summary>
    /// Nodes that start together would make a key each, and look for those of the others only hours later: so one makes the
    /// first, and they wait for it.
    /// </summary>
    public void MakeFirst(Action make) => _db.Write(connection =>
    {
        connection.Run("LOCK TABLE installation IN EXCLUSIVE MODE");
        if (connection.Scalar("SELECT 1 FROM key_ring LIMIT 1") is null) make();
        return true;
    });

    /// <summary>Keys that were made before there was a secret key.</summary>
    public int WrapAll(string secretKey) => _db.Write(connection =>
    {
        var inClear = connection.Read(row => (Number: row.GetInt64(0), Key: XElement.Parse(row.GetString(1))),
            "SELECT number, xml FROM key_ring").Where(row => KeyRingWrapping.IsInClear(row.Key)).ToList();
        foreach (var (number, key) in inClear)
            connection.Run("UPDATE key_ring SET xml = @b WHERE number = @a", number,
                KeyRingWrapping.Wrap(key, secretKey).ToString(SaveOptions.DisableFormatting));
        return inClear.Count;
    });
}
