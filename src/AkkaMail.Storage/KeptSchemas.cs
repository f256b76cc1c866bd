using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Domains;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Postgres;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using AkkaMail.Storage.Tenants;

namespace AkkaMail.Storage;

/// <summary>The tables that nothing can make again, by their schema's name: what is taken along on a move.</summary>
public static class KeptSchemas
{
    public static IReadOnlyDictionary<string, Schema> All { get; } = new Dictionary<string, Schema>
    {
        ["idempotency"] = IdempotencySchema.Schema,
        ["suppressions"] = SuppressionSchema.Schema,
        ["sites"] = SiteSchema.Schema,
        ["returned"] = InboundSchema.Schema,
        ["engagement"] = EngagementStore.Schema,
        ["domain_reports"] = ReportSchema.Schema,
        ["keys"] = KeyUses.Schema,
        ["content"] = ContentSchema.Schema,
        ["history"] = HistorySchema.Schema,
        ["secrets"] = SecretStore.Schema,
    };

    /// <summary>What of it is of the place where it lies, and stays behind.</summary>
    public const string Generations = "generations";

    /// <summary>Makes room for contents whose ids have no day: they come from a file.</summary>
    public static void PrepareMovedContent(PostgresDatabase content)
    {
        var to = PostgresContentSession.FirstOf(PostgresContentSession.MovedBefore);
        foreach (var table in (string[])[.. ContentSchema.ByDay, .. ContentSchema.ByWeek])
            Partitions.Ensure(content, table, PostgresContentSession.DaysBegan, "MINVALUE", $"{to}");
    }

    /// <summary>A body as PostgreSQL keeps it, of one as a file has it.</summary>
    public static byte[] Packed(byte[] body) => PackedBytes.Pack(body);
}
