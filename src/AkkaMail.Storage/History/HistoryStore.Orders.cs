using AkkaMail.Core.Ids;
using AkkaMail.Storage.Databases;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.History;

/// <summary>What may be ordered of a cluster.</summary>
public enum ClusterVerb
{
    /// <summary>A node ends, as at SIGTERM.</summary>
    [Word("leave")] Leave,

    /// <summary>A node is taken for dead.</summary>
    [Word("down")] Down,

    /// <summary>A ledger lives on another node.</summary>
    [Word("move")] Move,
}

/// <summary>Somebody's order, of a node or a ledger, with the reason.</summary>
public sealed record KeptOrder(DateTimeOffset At, string By, ClusterVerb Verb, string Subject, string Reason);

public sealed partial class HistoryStore
{
    /// <summary>Before it is given: what somebody did to the cluster is known for ever.</summary>
    public Task<int> KeepOrder(KeptOrder order, CancellationToken cancel) => Task.Run(() => _db.Write(connection => connection.Run(
        "INSERT INTO orders (at, by, verb, subject, reason) VALUES (@a, @b, @c, @d, @e)",
        order.At.UtcTicks, order.By, order.Verb.ToWord(), order.Subject, order.Reason)), cancel);

    /// <summary>The last ones, newest first.</summary>
    public Task<IReadOnlyList<KeptOrder>> Orders(int limit, CancellationToken cancel) => _db.Query<IReadOnlyList<KeptOrder>>(async db =>
        [.. (await db.GetTable<OrderRow>().OrderByDescending(o => o.Number).Take(limit).ToListAsync(cancel)).Select(o => new KeptOrder(
            new(o.At, TimeSpan.Zero), o.By, Words.Parse<ClusterVerb>(o.Verb) ?? default, o.Subject, o.Reason))]);

    [Table("orders")]
    private sealed class OrderRow
    {
        [Column("number"), PrimaryKey] public long Number { get; set; }
        [Column("at")] public long At { get; set; }
        [Column("by")] public string By { get; set; } = "";
        [Column("verb")] public string Verb { get; set; } = "";
        [Column("subject")] public string Subject { get; set; } = "";
        [Column("reason")] public string Reason { get; set; } = "";
    }
}
