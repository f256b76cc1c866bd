using System.Collections.Immutable;
using System.Globalization;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AkkaMail.Storage.Suppression;

/// <summary>
/// How far an import is: what its node has said of it last, at <paramref name="SeenAt"/>. <paramref name="Tenant"/> is null
/// where it is nobody's alone.
/// </summary>
public sealed record SuppressionImport(string Id, string? Tenant, DateTimeOffset StartedAt, DateTimeOffset SeenAt)
{
    public DateTimeOffset? EndedAt { get; init; }
    public string? Problem { get; init; }
    public long Lines { get; init; }
    public long Added { get; init; }
    public long Known { get; init; }
    public long Faulty { get; init; }

    /// <summary>The first faults by their line.</summary>
    public ImmutableArray<(long Line, string Message)> Faults { get; init; } = [];
}

/// <summary>Imports under way and of the last days, so that any node can be asked.</summary>
public sealed partial class SuppressionStore
{
    /// <summary>From its start.</summary>
    public static readonly TimeSpan ImportsKept = TimeSpan.FromDays(7);

    /// <summary>How far it is now, over what was noted before; the same one only.</summary>
    public Task Note(SuppressionImport import, CancellationToken cancel) =>
        _writer.Run(session => session.Note(ImportRow.Of(import))).WaitAsync(cancel);

    public Task<SuppressionImport?> FindImport(string id, CancellationToken cancel) => _db.Query(async db =>
        (await db.GetTable<ImportRow>().FirstOrDefaultAsync(i => i.Id == id, cancel))?.ToImport());
}

[Table("imports")]
internal sealed class ImportRow
{
    [Column("id"), PrimaryKey] public string Id { get; set; } = "";
    [Column("tenant")] public string? Tenant { get; set; }
    [Column("started_at")] public long StartedAt { get; set; }
    [Column("seen_at")] public long SeenAt { get; set; }
    [Column("ended_at")] public long? EndedAt { get; set; }
    [Column("problem")] public string? Problem { get; set; }
    [Column("lines")] public long Lines { get; set; }
    [Column("added")] public long Added { get; set; }
    [Column("known")] public long Known { get; set; }
    [Column("faulty")] public long Faulty { get; set; }

    /// <summary>A line each: its number, a space, what is wrong with it.</summary>
    [Column("faults")] public string Faults { get; set; } = "";

    public static ImportRow Of(SuppressionImport i) => new()
    {
        Id = i.Id,
        Tenant = i.Tenant,
        StartedAt = i.StartedAt.UtcTicks,
        SeenAt = i.SeenAt.UtcTicks,
        EndedAt = i.EndedAt?.UtcTicks,
        Problem = i.Problem,
        Lines = i.Lines,
        Added = i.Added,
        Known = i.Known,
        Faulty = i.Faulty,
        Faults = string.Join('\n', i.Faults.Select(f => $"{f.Line} {f.Message.ReplaceLineEndings(" ")}")),
    };

    public SuppressionImport ToImport() => new(Id, Tenant, TimeOf(StartedAt), TimeOf(SeenAt))
    {
        EndedAt = EndedAt is { } at ? TimeOf(at) : null,
        Problem = Problem,
        Lines = Lines,
        Added = Added,
        Known = Known,
        Faulty = Faulty,
        Faults = [.. Faults.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            (long.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture), line[(line.IndexOf(' ') + 1)..]))],
    };

    private static DateTimeOffset TimeOf(long ticks) => new(ticks, TimeSpan.Zero);
}
