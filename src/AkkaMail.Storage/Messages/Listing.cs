using System.Buffers.Binary;
using System.Buffers.Text;
using AkkaMail.Core.Ids;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Data;

namespace AkkaMail.Storage.Messages;

/// <summary>A list as a query: newest first, from behind the cursor, by keyset and never by offset.</summary>
internal static class Listing
{
    public static IQueryable<MessageRow> Query(DataConnection db, MessageFilter filter)
    {
        var rows = Ordered(db, filter);
        if (filter.Status is { } status) rows = rows.Where(r => r.Message.Status == (byte)status);
        if (filter.Stream is { } stream) rows = rows.Where(r => r.Message.Stream == stream);
        if (filter.Domain is { } domain) rows = rows.Where(r => r.Message.Domain == domain);
        if (filter.Sender is { } sender) rows = rows.Where(r => r.Message.Sender == sender);
        if (filter.Provider is { } provider) rows = rows.Where(r => r.Message.Provider == provider);
        if (filter.Source is { } source) rows = rows.Where(r => r.Message.Source == source);
        if ((byte?)filter.Reason is { } reason) rows = rows.Where(r => r.Message.Reason == reason);
        if (filter.Recipient?.ToBytes() is { } address) rows = rows.Where(r => r.Message.Address == address);
        if (filter.From is { } from && Edge(from) is var first)
            rows = rows.Where(r => Sql.Expr<bool>($"{r.Submission} >= {first}"));
        if (filter.To is { } to && Edge(to) is var last)
            rows = rows.Where(r => Sql.Expr<bool>($"{r.Submission} < {last}"));
        if (filter.Cursor is { } cursor && TryReadCursor(cursor, out var submission, out var index))
        {
            rows = rows.Where(r => Sql.Row(r.Submission, r.Message.Index) < Sql.Row(submission, index));
            // That row is of two tables then, and no index starts at it.
            if (filter.Tag is not null) rows = rows.Where(r => Sql.Expr<bool>($"{r.Submission} <= {submission}"));
        }
        return rows.OrderByDescending(r => r.Submission).ThenByDescending(r => r.Message.Index).Take(filter.Rows + 1)
            .Select(r => r.Message);
    }

    // With a tag the order is that of the tag's rows: only then does SQLite see that they come sorted.
    private static IQueryable<Listed> Ordered(DataConnection db, MessageFilter filter) => filter switch
    {
        { Tag: { } tag } =>
            from t in db.GetTable<TagRow>()
            join m in db.GetTable<MessageRow>() on t.Submission equals m.Submission
            where t.Tag == tag && (filter.Tenant == null || t.Tenant == filter.Tenant)
            select new Listed { Message = m, Submission = t.Submission },
        { Tenant: { } tenant } =>
            from m in db.GetTable<MessageRow>()
            where m.Tenant == tenant
            select new Listed { Message = m, Submission = m.Submission },
        _ => from m in db.GetTable<MessageRow>() select new Listed { Message = m, Submission = m.Submission },
    };

    private sealed class Listed
    {
        public required MessageRow Message { get; init; }
        public required byte[] Submission { get; init; }
    }

    /// <summary>
    /// The least id of that millisecond, the finest an id tells. Rounded down, a message is in the range that begins at
    /// its own time, and not in the one that ends there.
    /// </summary>
    private static byte[] Edge(DateTimeOffset at) => StoredForm.Bytes(SubmissionId.Create(0, at, 0));

    public static string Cursor(MessageRow last)
    {
        Span<byte> bytes = stackalloc byte[20];
        last.Submission.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], last.Index);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>False for what <see cref="Cursor"/> never gave.</summary>
    public static bool TryReadCursor(string cursor, out byte[] submission, out int index)
    {
        Span<byte> bytes = stackalloc byte[24];
        (submission, index) = ([], 0);
        if (cursor.Length != 27 || !Base64Url.IsValid(cursor)) return false;
        if (Base64Url.DecodeFromChars(cursor, bytes) != 20) return false;
        submission = bytes[..16].ToArray();
        index = BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
        return true;
    }

    /// <summary>
    /// The address at which a page of so many messages ends. The index is all tenants': a bound on what is walked over,
    /// not only on what is found.
    /// </summary>
    public static Dialects MailedEnd(Func<string, string> table) => new(
        "SELECT address FROM messages INDEXED BY messages_address WHERE address >= @f ORDER BY address LIMIT 1 OFFSET @n",
        $"SELECT address FROM {table("messages")} WHERE address >= @f ORDER BY address LIMIT 1 OFFSET @n");

    /// <summary>
    /// In the order of the index; by any other it would sort them all. In SQLite a bare column beside max() is of the row
    /// that has the maximum (sqlite.org/lang_select.html#bareagg). What came back was not delivered.
    /// </summary>
    public static Dialects Mailed(Func<string, string> table) => new(
        $"""
        SELECT address, count(*), min(updated_at), max(updated_at), envelope, idx
        FROM messages m INDEXED BY messages_address {Delivered(table)}
        """,
        $"""
        SELECT address, count(*), min(updated_at), max(updated_at),
            (array_agg(envelope ORDER BY updated_at DESC))[1], (array_agg(idx ORDER BY updated_at DESC))[1]
        FROM {table("messages")} m {Delivered(table)}
        """);

    private static string Delivered(Func<string, string> table) => $"""
        WHERE address >= @f AND address < @e AND tenant = @t AND status = @s AND updated_at >= @at AND NOT EXISTS (
            SELECT 1 FROM {table("amendments")} a WHERE a.submission = m.submission AND a.idx = m.idx AND a.kind = 1)
        GROUP BY address HAVING count(*) >= @n ORDER BY address
        """;
}
