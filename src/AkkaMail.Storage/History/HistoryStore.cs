using System.Collections.Immutable;
using System.Data.Common;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Rules;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;
using LinqToDB;
using LinqToDB.Async;

namespace AkkaMail.Storage.History;

/// <summary>
/// By which rules, and by which program, decisions were made. Events name both and hold neither, so what is
/// here is never pruned. Written at a start, a reload of rules, once a minute and at the end: each call has a connection of its own.
/// Faults are <see cref="StoreException"/>s.
/// </summary>
public sealed partial class HistoryStore
{
    /// <summary>As a <see cref="StoreException"/> calls it.</summary>
    public const string Name = "The history";

    private const string AddRules = """
        INSERT INTO rules (kind, version, first_seen, node, over, text) VALUES (@a, @b, @c, @d, @e, @f)
        ON CONFLICT (kind, version) DO NOTHING
        """;

    /// <summary>A clock that went back must not put a change before what it changed.</summary>
    private const string AddInForce = """
        INSERT INTO in_force (node, kind, at, version)
        SELECT @a, @b, CASE WHEN @c > earliest THEN @c ELSE earliest END, @d
        FROM (SELECT coalesce(max(at) + 1, 0) AS earliest FROM in_force
            WHERE node = @a AND kind = @b) AS known
        """;

    /// <summary>Rules of a kind that a newer program has kept here are passed over.</summary>
    private static readonly string[] Kinds = [.. Words.Of<RulesKind>()];

    private readonly Database _db;

    public HistoryStore(Database database)
    {
        _db = database with { Store = Name };
        _db.Migrate(HistorySchema.Schema);
    }

    /// <summary>
    /// Keeps these texts; from now on <paramref name="node"/> goes by the last of them. Another text under a version
    /// that is known would make two decisions of one name: it is refused.
    /// </summary>
    public void Keep(string node, ImmutableArray<RulesText> texts, DateTimeOffset now) => _db.Write(connection =>
    {
        foreach (var text in texts)
        {
            connection.Run(AddRules, text.Kind.ToWord(), text.Version, now.UtcTicks, node, text.Over, text.Text);
            var kept = connection.Scalar(
                "SELECT text FROM rules WHERE kind = @a AND version = @b", text.Kind.ToWord(), text.Version);
            if ((string)kept! != text.Text)
                throw _db.Fault($"the version {text.Version} has another text already", null);
        }
        connection.Run(AddInForce, node, texts[^1].Kind.ToWord(), now.UtcTicks, texts[^1].Version);
        return texts.Length;
    });

    /// <summary>
    /// A node begins. Lives that have no end are over: one process at a time has this file; in a database those that others
    /// have not seen for <see cref="StillSeen"/>. These are told, with their last sign of life.
    /// </summary>
    public IReadOnlyList<(string Node, DateTimeOffset SeenAt)> Begin(NodeStart start) => _db.Write(connection =>
    {
        var lost = EndLost(connection, start.At);
        connection.Run("INSERT INTO nodes (node, program, settings, started, seen) VALUES (@a, @b, @c, @d, @d)",
            start.Node, start.Program, start.Settings, start.At.UtcTicks);
        return lost;
    });

    /// <summary>Each node says once a minute that it lives.</summary>
    public static readonly TimeSpan StillSeen = TimeSpan.FromMinutes(3);

    /// <summary>The same while others go on: who has died without a word since, with their last sign of life.</summary>
    public IReadOnlyList<(string Node, DateTimeOffset SeenAt)> Lost(DateTimeOffset now) => _db is PostgresDatabase
        ? _db.Write(connection => EndLost(connection, now)) : [];

    private List<(string Node, DateTimeOffset SeenAt)> EndLost(DbConnection connection, DateTimeOffset now)
    {
        var before = _db is PostgresDatabase ? (now - StillSeen).UtcTicks : long.MaxValue;
        return connection.Read(row => (row.GetString(0), TimeOf(row.GetInt64(1))),
            "UPDATE nodes SET why = @a WHERE why IS NULL AND seen < @b RETURNING node, seen", NodeEnd.Lost.ToWord(), before);
    }

    /// <summary>A sign of life: who was taken for lost is not, if it was the database that was away.</summary>
    public void Seen(string node, DateTimeOffset now) => _db.Write(connection => connection.Run(
        "UPDATE nodes SET seen = @b, why = NULL WHERE node = @a AND (why IS NULL OR why = @c)", node, now.UtcTicks,
        NodeEnd.Lost.ToWord()));

    public void End(string node, DateTimeOffset now) => _db.Write(connection => connection.Run(
        "UPDATE nodes SET seen = @b, ended = @b, why = @c WHERE node = @a", node, now.UtcTicks,
        NodeEnd.Stopped.ToWord()));

    /// <summary>Newest first, before <paramref name="before"/>; texts are left out.</summary>
    public Task<IReadOnlyList<KeptRules>> Rules(RulesKind? kind, long? before, int limit, CancellationToken cancel) =>
        _db.Query<IReadOnlyList<KeptRules>>(async db =>
        {
            var rows = db.GetTable<RulesRow>()
                .Where(r => (before == null || r.Number < before) && Kinds.Contains(r.Kind));
            if (kind is { } one && one.ToWord() is var word) rows = rows.Where(r => r.Kind == word);
            return (await rows.OrderByDescending(r => r.Number).Take(limit).Select(r => new RulesRow
            {
                Number = r.Number,
                Kind = r.Kind,
                Version = r.Version,
                FirstSeen = r.FirstSeen,
                Node = r.Node,
                Over = r.Over,
            }).ToListAsync(cancel)).Select(ToRules).ToList();
        });

    public Task<KeptRules?> Find(RulesKind kind, string version, CancellationToken cancel) => _db.Query(async db =>
        await db.GetTable<RulesRow>().FirstOrDefaultAsync(r => r.Kind == kind.ToWord() && r.Version == version, cancel)
            is { } row ? ToRules(row) : null);

    /// <summary>Newest start first, before <paramref name="before"/>.</summary>
    public Task<IReadOnlyList<NodeLife>> Nodes(long? before, int limit, CancellationToken cancel) =>
        _db.Query<IReadOnlyList<NodeLife>>(async db =>
        {
            var rows = await db.GetTable<NodeRow>().Where(n => before == null || n.Number < before)
                .OrderByDescending(n => n.Number).Take(limit).ToListAsync(cancel);
            var names = rows.Select(r => r.Node).ToList();
            var found = await db.GetTable<InForceRow>().Where(r => names.Contains(r.Node) && Kinds.Contains(r.Kind))
                .OrderBy(r => r.At).ToListAsync(cancel);
            var rules = found.ToLookup(r => r.Node, r => new RulesInForce(KindOf(r.Kind), r.Version, TimeOf(r.At)));
            return rows.Select(r => new NodeLife(r.Number, new(r.Node, r.Program, r.Settings, TimeOf(r.Started)),
                TimeOf(r.Seen), r.Ended is { } ended ? TimeOf(ended) : null,
                r.Why is { } why ? Words.Parse<NodeEnd>(why) : null, [.. rules[r.Node]])).ToList();
        });

    private static KeptRules ToRules(RulesRow row) => new(
        row.Number, new(KindOf(row.Kind), row.Version, row.Over, row.Text), TimeOf(row.FirstSeen), row.Node);

    private static RulesKind KindOf(string word) => Words.Parse<RulesKind>(word)!.Value;

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);
}
