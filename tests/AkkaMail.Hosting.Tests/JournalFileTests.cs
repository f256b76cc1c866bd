using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaMail.Engine.Messages;
using AkkaMail.Hosting.Tests.World;
using AkkaMail.Server.Data;
using Microsoft.Data.Sqlite;

namespace AkkaMail.Hosting.Tests;

/// <summary>What others may do to the journal of everybody: look into it, without holding it up.</summary>
public class JournalFileTests : HostedEngine
{
    [Fact]
    public async Task One_journal_is_found_by_an_index_and_not_by_reading_all_of_them()
    {
        await using var connection = new SqliteConnection($"Data Source={((FileStores)Data.Stores).Journal};Mode=ReadOnly");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            EXPLAIN QUERY PLAN SELECT * FROM journal
            WHERE persistence_id = 'x' AND sequence_number >= 1 AND sequence_number <= 9 AND deleted = 0
            ORDER BY sequence_number
            """;
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel)) plan.Add(reader.GetString(3));

        Assert.Equal(
            ["SEARCH journal USING INDEX journal_of (persistence_id=? AND sequence_number>? AND sequence_number<?)"],
            plan);
    }

    /// <summary>A read that took the write lock would wait here, and a writer that meets it waits 150 ms.</summary>
    [Fact]
    public async Task A_look_into_the_journal_does_not_wait_for_its_writer()
    {
        await Accept(1);
        await using var writer = await JournalLock.Hold(((FileStores)Data.Stores).Journal);

        var events = await Persistence.ReadJournal(Sys)
            .CurrentEventsByPersistenceId(LedgerActor.IdOf(1), 1, long.MaxValue)
            .RunWith(Sink.Seq<EventEnvelope>(), Sys.Materializer()).WaitAsync(TimeSpan.FromSeconds(2), Cancel);

        Assert.NotEmpty(events);
    }
}
