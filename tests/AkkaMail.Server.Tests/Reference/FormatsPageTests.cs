using System.Text.RegularExpressions;
using AkkaMail.Server.Data;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.DomainReports;
using AkkaMail.Storage.Domains;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Inbound;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sites;
using AkkaMail.Storage.Suppression;
using AkkaMail.Storage.Tenants;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Server.Tests.Reference;

/// <summary>
/// docs/internals/formats.md has a row for all that is kept: whom it names, and how they are forgotten. A table, a file or
/// an event that is added without one is found here.
/// </summary>
public sealed partial class FormatsPageTests : IDisposable
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "internals", "formats.md"));

    /// <summary>Akka.Persistence makes their tables; in the page they stand by hand.</summary>
    private static readonly string[] OfAkka = ["journal.db journal", "snapshots.db snapshot"];

    private readonly string _path = Directory.CreateTempSubdirectory("akkamail-formats-").FullName;

    [Fact]
    public async Task Every_table_has_a_row_and_every_row_a_table()
    {
        using (var data = DataDirectory.Open(_path, null, "0123456789abcdef"))
        {
            await using (new ContentStore(data.Stores.Content))
            await using (new ReadModel(data.Stores.Read))
            await using (new IdempotencyStore(data.Stores.Idempotency))
            await using (new SuppressionStore(data.Stores.Suppressions))
            await using (new InboundStore(data.Stores.Returned, 1_000_000))
            await using (new EngagementStore(data.Stores.Engagement))
            await using (new SiteLog(data.Stores.Sites))
            await using (new ReportStore(data.Stores.Reports)) { }
            (_, _, _) = (new KeyUses(data.Stores.Keys), new SecretStore(data.Stores.Secrets), new HistoryStore(data.Stores.History));
            SqliteConnection.ClearAllPools();
        }
        var files = Directory.EnumerateFiles(_path, "*.db").ToList();

        Assert.Equal(DataFiles.All.Where(f => f.IsDatabase).Select(f => f.Name).Except(OfAkka.Select(t => t.Split(' ')[0])).Order(),
            files.Select(f => Path.GetFileName(f)!).Order());
        Assert.Equal(files.SelectMany(TablesOf).Concat(OfAkka).Order(StringComparer.Ordinal),
            TableRow().Matches(Page).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_other_file_has_a_row() => Assert.All(DataFiles.All.Where(f => !f.IsDatabase),
        file => Assert.Contains($"\n| `{file.Name}` |", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_event_and_snapshot_has_a_row_and_every_row_is_one()
    {
        var serializer = File.ReadAllText(
            Path.Combine(ReferencePage.Root, "src", "AkkaMail.Engine", "Wire", "AkkaMailSerializer.cs"));

        Assert.Equal(Mapped().Matches(serializer).Select(m => $"{m.Groups[2].Value} {m.Groups[1].Value}").Order(),
            ManifestRow().Matches(Page).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order());
    }

    /// <summary>All but what <c>Database.Mark</c> puts into each.</summary>
    private static List<string> TablesOf(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("SELECT name FROM sqlite_master WHERE type = 'table' "
            + "AND name NOT LIKE 'sqlite_%' AND name <> 'round'", connection);
        using var reader = command.ExecuteReader();
        var tables = new List<string>();
        while (reader.Read()) tables.Add($"{Path.GetFileName(file)} {reader.GetString(0)}");
        return tables;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [GeneratedRegex(@"^\| `([a-z-]+\.db)` `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^\| `([A-Z]{2}\d+)` `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex ManifestRow();

    [GeneratedRegex("""Map<(\w+), \w+>\("([A-Z]{2}\d+)",""")]
    private static partial Regex Mapped();
}
