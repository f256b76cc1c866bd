using System.Runtime.CompilerServices;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using static AkkaMail.Storage.Tests.Messages.Histories;

namespace AkkaMail.Storage.Tests.Idempotency;

/// <summary>A read.db as version 0.1 has written it (0.1-read.sql): its keys are taken over, and nothing is missed.</summary>
public sealed class CarriedKeysTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly KnownSubmission Known = new(Submission(1), Hash("request"), Noon.AddHours(1)) { Count = 2 };
    private readonly SqlitePlace _directory = new();

    public CarriedKeysTests() => _directory.Execute("read.db", File.ReadAllText(Recorded()));

    private static string Recorded([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "0.1-read.sql");

    private async Task<(KnownSubmission? Key, long Place0, long Place3)> Carried()
    {
        CarriedKeys.Take(_directory.Database("read.db"), _directory.Database("idempotency.db"));
        await using var store = new IdempotencyStore(_directory.Database("idempotency.db"), new FixedTime(Noon));
        return (await store.Find(Hash("key"), None), await store.PlaceOf(0, None), await store.PlaceOf(3, None));
    }

    [Fact]
    public async Task Its_keys_are_taken_over_with_their_time_and_the_reactor_goes_on_behind_them()
    {
        Assert.Equal((Known, 7, 12), await Carried());

        await using (new ReadModel(_directory.Database("read.db"))) { }   // It drops what it had.
        await using var store = new IdempotencyStore(_directory.Database("idempotency.db"), new FixedTime(Noon));
        Assert.Equal(0, await store.Prune(new(639_133_200_000_000_000, TimeSpan.Zero), None));
        Assert.Equal(1, await store.Prune(new(639_133_200_000_000_001, TimeSpan.Zero), None));
    }

    [Fact]
    public async Task A_crash_before_the_old_table_is_dropped_takes_them_over_again_in_vain()
    {
        await Carried();
        await using (var store = new IdempotencyStore(_directory.Database("idempotency.db"), new FixedTime(Noon)))
            await store.Follow(0, Numbered(8, Accept(Accepted(2, key: Hash("new")))), None);

        Assert.Equal((Known, 8, 12), await Carried());
    }

    [Fact]
    public async Task Of_a_read_model_that_was_being_made_anew_the_reactor_reads_what_is_missing_once_more()
    {
        _directory.Execute("read.db", "DELETE FROM messages; UPDATE offsets SET seq = 2 WHERE partition = 0");

        Assert.Equal((Known with { SendAt = null }, 2, 12), await Carried());
    }

    [Fact]
    public async Task Where_there_are_none_nothing_is_taken_over()
    {
        await using (new ReadModel(_directory.Database("new.db"))) { }
        CarriedKeys.Take(_directory.Database("new.db"), _directory.Database("idempotency.db"));
        CarriedKeys.Take(_directory.Database("not-there.db"), _directory.Database("idempotency.db"));

        await using var store = new IdempotencyStore(_directory.Database("idempotency.db"));
        Assert.Equal((null, 0), (await store.Find(Hash("key"), None), await store.PlaceOf(0, None)));
        Assert.False(File.Exists(_directory.File("not-there.db")));
    }

    public void Dispose() => _directory.Dispose();
}
