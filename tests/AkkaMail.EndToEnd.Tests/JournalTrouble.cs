using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AkkaMail.EndToEnd.Tests.World;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace AkkaMail.EndToEnd.Tests;

/// <summary>
/// A database cannot be written for a while: 503 with Retry-After meanwhile, nothing lost, and it goes on by itself.
/// </summary>
[Collection(Alone.Name)]
public sealed class JournalTrouble(JournalTrouble.Troubled server, ITestOutputHelper output)
    : IClassFixture<JournalTrouble.Troubled>
{
    /// <summary>Why it is not told of a database.</summary>
    private const string Unlike = "a file is locked, or its disk is full; of a database Postgres/DatabaseTrouble tells";

    private const int ClientsMax = 4;
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(10);

    /// <summary>It has to come through one trouble after the other.</summary>
    public sealed class Troubled : SharedServer
    {
        private protected override Task<Installation> Start((string, string)[] stored) =>
            Installation.Relaying(Sink.Port, stored);
    }

    [FilesTheory(Unlike)]
    [InlineData("journal.db", 1)]
    [InlineData("content.db", 0)]
    public async Task A_locked_database_means_503_and_nothing_lost(string file, int failures)
    {
        var clients = new Clients(server.Api, mailBytes: 100);
        var (failed, sending) = (Failures, clients.Run(ClientsMax));
        await clients.Accepted(50);

        long released;
        await using (var connection = new SqliteConnection(
            $"Data Source={Path.Combine(server.Installation.Directory, file)};Pooling=False"))
        {
            await connection.OpenAsync();
            await Execute(connection, "BEGIN EXCLUSIVE");
            // Until every client has been refused, and the ledger has given up if it is its journal.
            await Wait.Until(() => clients.Refused.Count >= ClientsMax && Failures >= failed + failures);
            await Execute(connection, "ROLLBACK");
            released = Stopwatch.GetTimestamp();
        }

        await GoesOn(file, clients, sending, released, server.Installation, server.Sink);
    }

    [ImmutableFact(Unlike)]
    public async Task An_unwritable_journal_means_503_and_nothing_lost()
    {
        var clients = new Clients(server.Api, mailBytes: 100);
        var (failed, sending) = (Failures, clients.Run(ClientsMax));
        await clients.Accepted(50);

        var journal = Path.Combine(server.Installation.Directory, "journal.db");
        using (Immutable.TryMake(journal, journal + "-wal"))
            await Wait.Until(() => clients.Refused.Count >= ClientsMax && Failures > failed);

        await GoesOn("unwritable", clients, sending, Stopwatch.GetTimestamp(), server.Installation, server.Sink);
    }

    /// <summary>How often a ledger could not store and has begun anew.</summary>
    private int Failures => server.Installation.Server.Output.Split("Failed to persist").Length - 1;

    [MountFact(Unlike)]
    public async Task A_full_disk_means_503_and_nothing_lost()
    {
        using var disk = Mount.TryMake(megabytes: 64)!;
        var isOpen = false;
        await using var sink = await TestSink.TestSink.StartAsync(new()
        {
            // Retries keep the journal busy while the content store refuses all new mail.
            OnRecipient = r =>
                r.StartsWith("later", StringComparison.Ordinal) && !isOpen ? new(451, "4.2.0 Later") : null,
        });
        using var installation = await Installation.Start(disk.Directory,
            ("AkkaMail__Delivery__Relay", $"127.0.0.1:{sink.Port}"), ("AkkaMail__Retry__FirstDelay", "00:00:01"),
            ("AkkaMail__Retry__MaxDelay", "00:00:01"));
        var later = await installation.Api.Send(new
        {
            from = "shop@sender.test",
            subject = "s",
            text = "t",
            personalizations = Enumerable.Range(0, 500).Select(i => new { to = $"later+{i}@d1.test" }),
        });
        var clients = new Clients(installation.Api, mailBytes: 100_000);
        var sending = clients.Run(3);
        await clients.Accepted(20);

        disk.Fill();
        await Wait.Until(() => clients.Refused.Count >= 10, TimeSpan.FromSeconds(40));
        disk.Fill();
        bool JournalFailed() => installation.Server.Output.Contains("Failed to persist", StringComparison.Ordinal);
        // It has room in its log for a while; the content store has none from the first mail on.
        await Wait.Until(() => JournalFailed() || clients.Refused.Count >= 150, TimeSpan.FromSeconds(60));
        output.WriteLine($"the journal was hit too: {JournalFailed()}");
        disk.Fill();
        await Wait.Until(async () => (await Health(installation)).Contains("\"disk\"", StringComparison.Ordinal));
        await Wait.Until(() => installation.Server.Output.Contains("Not ready: disk: ", StringComparison.Ordinal));
        disk.Relieve();
        var released = Stopwatch.GetTimestamp();
        isOpen = true;

        await GoesOn("disk full", clients, sending, released, installation, sink);
        await Wait.Until(async () => (await Health(installation)).Contains("\"ready\"", StringComparison.Ordinal));
        await Wait.Until(() => installation.Server.Output.Contains("Ready again", StringComparison.Ordinal));
        foreach (var id in later) Assert.Equal("delivered", (await installation.Api.Story(id)).Status);
    }

    private static async Task<string> Health(Installation installation)
    {
        using var answer = await installation.Api.Http.GetAsync("/health/ready");
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task GoesOn(
        string name, Clients clients, Task sending, long released, Installation installation, TestSink.TestSink sink)
    {
        await Wait.Until(() => clients.LastAccepted > released || sending.IsFaulted, TimeSpan.FromSeconds(60));
        var waited = Stopwatch.GetElapsedTime(released, clients.FirstAfter(released));
        await clients.Accepted(clients.Count + 20);
        clients.Stop();
        await sending;

        var status = await installation.Api.Status(
            s => s is { Alive: 0, Unfinished: 0, Complete: true }, TimeSpan.FromSeconds(60));
        var mails = sink.Mails.Select(m => m.Recipients[0]).Where(clients.Has).ToList();
        var came = mails.ToHashSet();
        var lost = clients.Recipients.Count(r => !came.Contains(r));
        output.WriteLine($"{name}: accepted={clients.Count} refused={clients.Refused.Count} lost={lost} "
            + $"duplicated={mails.Count - came.Count} delivered_though_refused={came.Count(clients.WasRefused)} "
            + $"first_202_after={waited.TotalSeconds:0.0} s; "
            + string.Join(" | ", clients.Refused.CountBy(r => r).Select(r => $"{r.Value}× {r.Key}")));
        Assert.Equal(0, lost);
        Assert.True(status.Accepted >= clients.Count);
        Assert.True(waited < GoesOnWithin, $"the first 202 came {waited} after the trouble was over");
    }

    private static async Task Execute(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Send and send, without keys; a 503 is noted and the next mail is another one.</summary>
    private sealed class Clients(Api api, int mailBytes)
    {
        private readonly ConcurrentDictionary<string, long> _accepted = new();
        private readonly ConcurrentDictionary<string, string> _refused = new();
        private readonly string _name = Mails.Unique("r");
        private int _next;
        private volatile bool _stopped;

        public int Count => _accepted.Count;
        public ICollection<string> Recipients => _accepted.Keys;
        public ICollection<string> Refused => _refused.Values;
        public long LastAccepted => _accepted.Values.DefaultIfEmpty(0).Max();

        /// <summary>Also of one whose answer was lost.</summary>
        public bool Has(string recipient) => recipient.StartsWith(_name, StringComparison.Ordinal);

        public bool WasRefused(string recipient) => _refused.ContainsKey(recipient);
        public long FirstAfter(long stamp) => _accepted.Values.Where(at => at > stamp).DefaultIfEmpty(stamp).Min();
        public void Stop() => _stopped = true;

        public Task Accepted(int count) =>
            Wait.Until(() => Count >= count, TimeSpan.FromSeconds(60), () => string.Join(' ', Refused.Distinct()));

        public Task Run(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            while (!_stopped) await One($"{_name}x{Interlocked.Increment(ref _next)}@d1.test");
        }));

        private async Task One(string recipient)
        {
            using var answer = await api.Post(new
            {
                from = "shop@sender.test",
                to = recipient,
                subject = "s",
                text = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(mailBytes)),
            });
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                _accepted[recipient] = Stopwatch.GetTimestamp();
                await Task.Delay(10);
                return;
            }
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode} {text}");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "no Retry-After");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.True((string?)JsonNode.Parse(text)!["code"] == "unavailable", text);
            _refused[recipient] = (string)JsonNode.Parse(text)!["detail"]!;
            await Task.Delay(100);
        }
    }
}
