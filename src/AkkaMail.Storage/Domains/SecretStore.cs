using AkkaMail.Core.Mail;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Domains;

/// <summary>A secret's name, and when it was written.</summary>
public sealed record SecretName(string Name, DateTimeOffset CreatedAt);

/// <summary>
/// Secrets as they are kept: what is given is encrypted already. They stand alone, since they cannot be rebuilt and the
/// read model may be dropped; synced, since an event says that a key exists once its secret is here. Rare and small, so
/// each call has a connection of its own. Faults are <see cref="StoreException"/>s.
/// </summary>
public sealed class SecretStore
{
    internal static readonly Schema Schema = new(new Dialects(
        """
        CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID
        """,
        "CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BYTEA NOT NULL, created_at BIGINT NOT NULL)"));

    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The store of secrets";

    private readonly Database _db;

    public SecretStore(Database database)
    {
        // What is deleted must not stay in a free page.
        _db = database with { Store = Name, Overwrites = true };
        _db.Migrate(Schema);
    }

    public byte[]? Read(string name) => _db.QueryNow(db =>
        db.GetTable<Row>().Where(r => r.Name == name).Select(r => r.Secret).FirstOrDefault());

    /// <summary>All or none; a name that is there already keeps its secret.</summary>
    public void Add(
        IReadOnlyCollection<(string Name, byte[] Secret)> secrets, DateTimeOffset now) => _db.Write(connection =>
    {
        foreach (var (name, secret) in secrets)
            connection.Run("INSERT INTO secrets (name, secret, created_at) VALUES (@a, @b, @c) ON CONFLICT DO NOTHING",
                name, secret, now.UtcTicks);
        return secrets.Count;
    });

    public IReadOnlyList<SecretName> Names() => _db.QueryNow(db =>
        db.GetTable<Row>().Select(r => new { r.Name, r.CreatedAt }).ToList()
            .Select(r => new SecretName(r.Name, new(r.CreatedAt, TimeSpan.Zero)))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ToList());

    public void Delete(IReadOnlyCollection<string> names) => _db.Write(connection =>
    {
        foreach (var name in names) connection.Run("DELETE FROM secrets WHERE name = @a", name);
        return names.Count;
    });

    [Table("secrets")]
    private sealed class Row
    {
        [Column("name"), PrimaryKey] public string Name { get; set; } = "";
        [Column("secret")] public byte[] Secret { get; set; } = [];
        [Column("created_at")] public long CreatedAt { get; set; }
    }
}
