using System.Data.Common;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Sqlite;

namespace AkkaMail.Storage.Idempotency;

/// <summary>
/// Keys that lie in read.db, where they were kept at first. They are taken over before the read model is opened, which
/// drops them; a crash in between takes them over once more, in vain.
/// </summary>
public static class CarriedKeys
{
    /// <summary>
    /// The projection wrote a key with its place, so all up to that place are there: the reactor goes on behind it.
    /// </summary>
    public static void Take(SqliteDatabase read, Database keys)
    {
        if (!File.Exists(read.Path)) return;
        keys = keys with { Store = IdempotencyStore.Name, Durability = Durability.Power };
        keys.Migrate(IdempotencySchema.Schema);
        try
        {
            using var connection = keys.OpenWriter();
            connection.Run("ATTACH @a AS old", read.Path);
            if (!Has(connection, "keys")) return;
            // A read model that is being made anew may have no message yet: then it is not known when it was to go.
            var sendAt = Has(connection, "messages")
                ? "(SELECT m.send_at FROM old.messages m WHERE m.submission = o.submission AND m.idx = 0)" : "NULL";
            var places = Has(connection, "offsets") ? "SELECT partition, seq FROM old.offsets" : "SELECT 0, 0";
            connection.Run($"""
                BEGIN IMMEDIATE;
                INSERT INTO main.keys AS k (key, submission, submissions, request, send_at, expires_at)
                SELECT key, submission, submissions, request, {sendAt}, expires_at FROM old.keys o WHERE true
                ON CONFLICT (key) DO UPDATE SET
                    submission = excluded.submission, submissions = excluded.submissions, request = excluded.request,
                    send_at = excluded.send_at, expires_at = excluded.expires_at
                WHERE excluded.expires_at > k.expires_at;
                INSERT INTO main.places AS p (partition, seq) SELECT * FROM ({places}) WHERE true
                ON CONFLICT (partition) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > p.seq;
                COMMIT
                """);
        }
        catch (DbException e) { throw keys.Fault(e); }
    }

    private static bool Has(DbConnection connection, string table) =>
        connection.Scalar("SELECT count(*) FROM old.sqlite_master WHERE name = @a", table) is > 0L;
}
