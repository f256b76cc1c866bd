using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Metrics;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;
using AkkaMail.Server.Data;
using AkkaMail.Storage.Messages;

namespace AkkaMail.Server.Messages;

/// <summary>
/// How a generation is: events of all ledgers that it has, of those there are. <paramref name="Since"/> is when it was
/// begun, or was read last; null of the one that is read.
/// </summary>
internal sealed record GenerationStand(
    int Generation, GenerationState State, long Events, long Newest, DateTimeOffset? Since)
{
    /// <summary>While it is kept for a way back; null: as long as nobody swaps or drops.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>The share of one core that it may take.</summary>
    public double? Throttle { get; init; }

    public BuildHold? HeldBy { get; init; }

    /// <summary>What it takes in a second, over the last half minute.</summary>
    public double? FactsPerSecond { get; init; }

    /// <summary>When it will have caught up, if it goes on like this; null: it stands.</summary>
    public DateTimeOffset? Eta { get; init; }
}

/// <summary>
/// Another generation of what lists are read from, beside the one that is: begun, swapped in, dropped. The ledgers hear of
/// each, and feed whatever there is.
/// </summary>
internal sealed class Rebuilds(
    MessageGenerations generations, LedgerAsk ledgers, DataDirectory data, EngineMetrics metrics, Builds builds,
    TimeProvider time, ILogger<Rebuilds> log)
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>False: there is one beside already.</summary>
    public async Task<bool> Begin(double throttle, CancellationToken cancel)
    {
        if (!await generations.Begin(throttle, cancel)) return false;
        await Tell(cancel);
        log.LogInformation("Generation {Generation} of {Projection} is being built", generations.Row.Beside, ReadModel.Messages);
        return true;
    }

    /// <summary>Answers may be read from what is beside: what it lacks the ledgers still know.</summary>
    public bool IsReady => generations.Row.Beside is { } beside && HasCaughtUp(beside);

    /// <summary>False: there is none to swap in. Whether it is ready the caller has asked.</summary>
    public async Task<bool> Swap(CancellationToken cancel)
    {
        if (!await generations.Swap(cancel)) return false;
        await Tell(cancel);
        log.LogInformation("{Projection} is read from generation {Generation}", ReadModel.Messages, generations.Row.Current);
        return true;
    }

    /// <summary>False: there is none.</summary>
    public async Task<bool> Drop(CancellationToken cancel)
    {
        var beside = generations.Row.Beside;
        if (!await generations.End(() => Tell(CancellationToken.None), cancel)) return false;
        if (beside is { } gone) builds.Forget(ReadModel.Messages, gone);
        log.LogInformation("Generation {Generation} of {Projection} is gone", beside, ReadModel.Messages);
        return true;
    }

    /// <summary>How many went, because nobody has gone back for a day.</summary>
    public async Task<int> EndOld(DateTimeOffset now, CancellationToken cancel) =>
        generations.Row.KeptUntil <= now && await Drop(cancel) ? 1 : 0;

    /// <summary>The one that is read comes first.</summary>
    public IReadOnlyList<GenerationStand> Look()
    {
        var row = generations.Row;
        var current = StandOf(row.Current, GenerationState.Current);
        if (row.Beside is not { } beside) return [current];
        var state = row.WasRead ? GenerationState.Old : HasCaughtUp(beside) ? GenerationState.Ready : GenerationState.Building;
        var stand = StandOf(beside, state) with { Since = row.Since };
        if (row.WasRead) return [current, stand with { KeptUntil = row.KeptUntil }];
        if (state == GenerationState.Ready) return [current, stand];
        var (events, facts) = builds.RatesOf(ReadModel.Messages, beside);
        return
        [
            current, stand with
            {
                Throttle = row.Throttle, HeldBy = builds.HeldBy, FactsPerSecond = facts,
                Eta = events > 0 && Far(stand, events) is { } far ? time.GetUtcNow() + far : null,
            },
        ];
    }

    /// <summary>A build that hardly moves comes to no time that could be told.</summary>
    private static TimeSpan? Far(GenerationStand stand, double perSecond) =>
        (stand.Newest - stand.Events) / perSecond is var seconds and < 86_400 * 365 ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : null;

    private GenerationStand StandOf(int generation, GenerationState state)
    {
        var places = metrics.PlacesOf(ReadModel.Messages, generation);
        return new(generation, state, places.Sum(p => p.Place), places.Sum(p => p.Newest), null);
    }

    private bool HasCaughtUp(int generation) =>
        metrics.HasCaughtUp(ReadModel.Messages, generation, data.Installation.Ledgers, time.GetUtcNow());

    /// <summary>One that does not answer hears of it when it begins anew.</summary>
    private async Task Tell(CancellationToken cancel) => await Task.WhenAll(Enumerable.Range(0, data.Installation.Ledgers).Select(
        ledger => ledgers.Ask(ledger, new GenerationsChanged(ReadModel.Messages), LedgerTimeout, cancel)));
}
