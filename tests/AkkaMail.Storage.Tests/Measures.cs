using System.Diagnostics;
using System.Globalization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Messages;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Tests.Content;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using Xunit.Abstractions;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests;

/// <summary>
/// What a message costs here, printed and not asserted: a shared machine would make it fail by chance. In earnest:
/// <c>AKKAMAIL_MEASURE=50000 dotnet test -c Release --filter Measures -l "console;verbosity=detailed"</c>.
/// </summary>
public sealed class Measures(ITestOutputHelper output) : IDisposable
{
    private const int Partitions = 16, Batch = 100;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly int Count = int.Parse(
        Environment.GetEnvironmentVariable("AKKAMAIL_MEASURE") ?? "3200", CultureInfo.InvariantCulture);
    private readonly SqlitePlace _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Projection_one_batch_an_event()
    {
        await using var model = new ReadModel(_directory.Database("read.db"));
        await Measure("projection, three calls a message", () => Lives(async (partition, from, ids) =>
        {
            await model.Project(partition, Numbered(from, Accepts(partition, ids)), None);
            MessageId[] messages = [.. ids.Select(i => new MessageId(Submission(i, partition), 0))];
            await model.Project(partition, Numbered(from + 1, Started(messages)), None);
            await model.Project(partition, Numbered(from + 2, Concluded(MessageStatus.Delivered, messages)), None);
        }));
        output.WriteLine($"{model.Commits} commits");
    }

    [Fact]
    public async Task Projection_whole_lives_in_a_batch()
    {
        await using var model = new ReadModel(_directory.Database("read.db"));
        await Measure("projection, one call a message", () => Lives(async (partition, from, ids) =>
        {
            MessageId[] messages = [.. ids.Select(i => new MessageId(Submission(i, partition), 0))];
            await model.Project(partition, Numbered(from, Accepts(partition, ids), Started(messages),
                Concluded(MessageStatus.Delivered, messages)), None);
        }));
    }

    [Fact]
    public async Task Lines_by_BulkCopy_and_by_prepared_command()
    {
        var file = _directory.Database("lines.db");
        file.Remake(MessageSchema.Version, MessageSchema.Tables, MessageSchema.Create);
        using var connection = file.OpenWriter();
        using var db = new DataConnection(
            new DataOptions().UseConnection(SQLiteTools.GetDataProvider(SQLiteProvider.Microsoft), connection));
        List<MessageRow> rows = [.. Enumerable.Range(0, Count).Select(Row)];
        foreach (var type in new[] { BulkCopyType.MultipleRows, BulkCopyType.RowByRow })
            await Measure($"messages by BulkCopy {type}", async () =>
            {
                foreach (var chunk in rows.Chunk(Batch))
                {
                    await using var transaction = await db.BeginTransactionAsync(None);
                    db.BulkCopy(new BulkCopyOptions { BulkCopyType = type }, chunk);
                    await transaction.CommitAsync(None);
                }
                connection.Run("DELETE FROM messages");
            });
        using var session = new SqliteReadSession(file);
        await Measure("messages by prepared command, with a line", () =>
        {
            foreach (var (chunk, i) in Enumerable.Range(0, Count).Chunk(Batch).Select((c, i) => (c, i)))
            {
                session.Begin();
                session.Project(0, Numbered(i + 1, Accept([.. chunk.Select(n => Accepted(n))])));
                session.Commit();
            }
            return Task.CompletedTask;
        });
    }

    /// <summary>As each call to a broadcast stream does, of a tenant that tells who engages.</summary>
    [Fact]
    public async Task Looking_up_who_showed_life()
    {
        await using var store = new EngagementStore(_directory.Database("engagement.db"));
        Hash128[] known = [.. Enumerable.Range(0, Count).Select(i => Hash($"r{i}"))];
        foreach (var some in known.Chunk(1_000))
            await store.Note([.. some.Select(address => new Engaged("acme", address, Noon))], None);
        foreach (var size in new[] { 1, 100, 1_000 })
            await Measure($"who showed life, {size} at once", async () =>
            {
                foreach (var asked in known.Chunk(size)) await store.Last("acme", asked, None);
            });
    }

    [Fact]
    public async Task Content_writes_of_2_KB()
    {
        await using var store = new ContentStore(_directory.Database("content.db"));
        var text = new string('x', 2_000);
        await Measure("content writes, 200 at once", async () =>
        {
            foreach (var chunk in Enumerable.Range(0, Count).Chunk(200))
                await Task.WhenAll(chunk.Select(i => Task.Run(() => store.Write(
                    Mails.Tenant, Mails.Saying($"s{i}") with { Text = text }, Mails.Envelope($"r{i}@example.com"), Mails.Later,
                    None))));
        });
        output.WriteLine($"{store.Commits} commits");
    }

    private static SubmissionsAccepted Accepts(int partition, int[] ids) =>
        Accept([.. ids.Select(i => Accepted(i, partition: partition))]);

    private static Task Lives(Func<int, long, int[], Task> project) =>
        Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => Task.Run(async () =>
        {
            var from = 1L;
            foreach (var ids in Enumerable.Range(0, Count / Partitions).Chunk(Batch))
            {
                await project(partition, from, ids);
                from += 3;
            }
        })));

    private static MessageRow Row(int i) => new()
    {
        Submission = StoredForm.Bytes(Submission(i)),
        Status = 1,
        Tenant = "acme",
        Stream = "transactional",
        Kind = 1,
        Domain = "site1",
        Address = Hash($"r{i}").ToBytes(),
        Envelope = i,
        AcceptedAt = Noon.Ticks,
        UpdatedAt = Noon.Ticks,
        ExpiresAt = Noon.Ticks,
    };

    private async Task Measure(string what, Func<Task> run)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var (cpu, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await run();
        watch.Stop();
        process.Refresh();
        var (taken, used) = (watch.Elapsed / Count, (process.TotalProcessorTime - cpu) / Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {taken.TotalMicroseconds:F1} µs, {used.TotalMicroseconds:F1} µs CPU a message"));
    }
}
