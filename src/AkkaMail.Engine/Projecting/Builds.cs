using System.Collections.Concurrent;
using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;

namespace AkkaMail.Engine.Projecting;

/// <summary>
/// The generations that this node builds beside those in use: one page at a time, whichever ledger it is of, at a share of
/// one core, and hardly while <see cref="Throttle.HoldOf"/> says so.
/// </summary>
public sealed class Builds(EngineMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<(string Name, int Generation), (RecentRate Events, RecentRate Facts)> _rates = new();
    private DateTimeOffset _notBefore;
    private volatile Hold? _hold;

    /// <summary>What a build that wants to go on waits for; null: nothing.</summary>
    public BuildHold? HeldBy => _hold?.By;

    /// <summary>
    /// Events read a second, and what of a message followed from them: over the last half minute, on this node.
    /// </summary>
    public (double Events, double Facts) RatesOf(string projection, int generation) =>
        _rates.TryGetValue((projection, generation), out var rates)
            ? (rates.Events.PerSecond(time.GetUtcNow()), rates.Facts.PerSecond(time.GetUtcNow())) : default;

    /// <summary>Waits until a page may be built. The turn is over when it is disposed of.</summary>
    public async Task<Turn> Begin(Projection projection, double share, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            BuildHold? by;
            for (var held = TimeSpan.Zero;
                (by = Throttle.HoldOf(metrics.Signs(time.GetUtcNow()))) is not null && held < Throttle.HeldMax; held += LookEvery)
            {
                _hold = new(by.Value);
                await Task.Delay(LookEvery, time, cancel);
            }
            _hold = by is { } still ? new(still) : null;
            if (_notBefore - time.GetUtcNow() is { Ticks: > 0 } rest) await Task.Delay(rest, time, cancel);
            return new(this, projection, share, time.GetTimestamp());
        }
        catch
        {
            _hold = null;
            _one.Release();
            throw;
        }
    }

    /// <summary>It has ended, or been given up.</summary>
    public void Forget(string projection, int generation)
    {
        _rates.TryRemove((projection, generation), out _);
        _hold = null;
    }

    private void End(Turn turn)
    {
        _notBefore = time.GetUtcNow() + Throttle.Rest(time.GetElapsedTime(turn.Began), turn.Share);
        var (events, facts) = _rates.GetOrAdd((turn.Of.Name, turn.Of.Generation), _ => (new(), new()));
        events.Add(time.GetUtcNow(), turn.Events);
        facts.Add(time.GetUtcNow(), turn.Facts);
        _one.Release();
    }

    private sealed record Hold(BuildHold By);

    /// <summary>One page is being built.</summary>
    public sealed class Turn(Builds builds, Projection of, double share, long began) : IDisposable
    {
        internal Projection Of => of;
        internal double Share => share;
        internal long Began => began;

        /// <summary>What the page has brought.</summary>
        public int Events { get; private set; }
        public int Facts { get; private set; }

        public void Brought(int events, int facts) => (Events, Facts) = (events, facts);

        public void Dispose() => builds.End(this);
    }
}
