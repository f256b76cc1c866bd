using System.Diagnostics.Metrics;
using AkkaMail.Core.Ids;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Engagement;
using AkkaMail.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AkkaMail.Server.Tests.Messages;

/// <summary>Whose mail goes first is worth a moment of the acceptance, and no more.</summary>
public sealed class EngagementLookUpTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Hash128 Ann = new(1, 1), Bob = new(2, 2);

    private readonly string _directory = Directory.CreateTempSubdirectory("akkamail-").FullName;
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly EngagementOptions _options = new();
    private readonly MeterListener _listener = new();
    private readonly EngagementStore _store;
    private readonly EngagementMisses _misses;
    private readonly EngagementLookUp _lookUp;
    private long _missed;

    public EngagementLookUpTests()
    {
        _store = new(new SqliteDatabase(Path.Combine(_directory, "engagement.db")));
        _misses = new(_time, NullLogger<EngagementMisses>.Instance);
        _lookUp = new(_store, _misses, Microsoft.Extensions.Options.Options.Create(_options), _time);
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _missed, count));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "akkamail.engagement.unread") listener.EnableMeasurementEvents(instrument);
        };
        _listener.Start();
    }

    public Task InitializeAsync() => _store.Note([new("acme", Ann, Noon.AddDays(-1))], default);

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        _lookUp.Dispose();
        _misses.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_is_known_is_told_and_nothing_is_missed()
    {
        var last = await _lookUp.Last("acme", [Ann, Bob, Ann], default);

        Assert.Equal((Ann, Noon.AddDays(-1)), Assert.Single(last!.Select(l => (l.Key, l.Value))));
        Assert.Null(await _lookUp.Last("zeta", [Ann], default));
        Assert.Equal(0, _missed);
    }

    /// <summary>A disk that hangs keeps the thread that asks, as SQLite does.</summary>
    [Fact]
    public async Task A_store_that_hangs_holds_up_nobody_for_longer_and_is_asked_again_when_it_goes_on()
    {
        using var disk = new ManualResetEventSlim();
        var hanging = Enumerable.Range(0, EngagementLookUp.AtOnceMax).Select(_ => _lookUp.Within(_ =>
        {
            disk.Wait(CancellationToken.None);
            return Task.FromResult(true);
        }, default)).ToList();
        var asked = _lookUp.Last("acme", [Ann, Bob], default);
        using var gone = new CancellationTokenSource();
        var leaving = _lookUp.Last("acme", [Ann], gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);   // A client that left missed nothing.
        _time.Advance(_options.LookUpTimeout - TimeSpan.FromTicks(1));
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await asked);
        Assert.Equal(2, _missed);
        foreach (var one in hanging) await Assert.ThrowsAsync<TimeoutException>(() => one);

        disk.Set();
        Assert.Single((await _lookUp.Last("acme", [Ann, Bob], default))!);
        Assert.Equal(2, _missed);
    }
}
