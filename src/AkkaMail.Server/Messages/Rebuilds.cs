using AkkaMail.Core.Projecting;
using AkkaMail.Engine.Projecting;
using AkkaMail.Engine.Protocol;
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
    MessageGenerations generations, LedgerAsk ledgers, Builds builds, TimeProvider time, ILogger<Rebuilds> log)
{
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>False: there is one beside already.</summary>
    public Task<bool> Begin(double throttle, CancellationToken cancel) =>
        Order("is begun", () => generations.Begin(throttle, cancel));

    /// <summary>Answers may be read from what is beside: what it lacks the ledgers still know, and each of them says so.</summary>
    public async Task<bool> IsReady(CancellationToken cancel) =>
        generations.Row.Beside is { } beside && HasCaughtUp(await ledgers.Stands(cancel), beside);

    /// <summary>False: this one is not beside. Whether it is ready the caller has asked.</summary>
    public Task<bool> Swap(int beside, CancellationToken cancel) =>
        Order("is read", () => generations.Swap(beside, cancel));

    /// <summary>False: this one is not beside.</summary>
    public async Task<bool> Drop(int beside, CancellationToken cancel)
    {
        var isGone = await Order("is gone", () => generations.End(beside, Tell, cancel));
        if (isGone) builds.Forget(ReadModel.Messages, beside);
        return isGone;
    }

    /// <summary>The ledgers hear of what has become of it, also where the order itself came to nothing.</summary>
    private async Task<bool> Order(string what, Func<Task<bool>> order)
    {
        var before = generations.Row;
        try { return await order(); }
        finally
        {
            if (generations.Row is var row && row != before)
            {
                await Tell();
                log.LogInformation("A generation of {Projection} {What}: {Current} is read, {Beside} stands beside",
                    ReadModel.Messages, what, row.Current, row.Beside);
            }
        }
    }

    /// <summary>Another node may have given an order: what it has come to is so here as well, and its ledgers hear of it.</summary>
    public async Task Look(CancellationToken cancel)
    {
        var before = generations.Row;
        if (!await generations.Look(cancel)) return;
        await Tell();
        if (before.Beside is { } gone && gone != generations.Row.Beside && gone != generations.Row.Current)
            builds.Forget(ReadModel.Messages, gone);
    }

    /// <summary>How many went, because nobody has gone back for a day.</summary>
    public async Task<int> EndOld(DateTimeOffset now, CancellationToken cancel) =>
        generations.Row is { Beside: { } old } row && row.KeptUntil <= now && await Drop(old, cancel) ? 1 : 0;

    /// <summary>The one that is read comes first.</summary>
    public async Task<IReadOnlyList<GenerationStand>> Stands(CancellationToken cancel)
    {
        var row = generations.Row;
        var stands = await ledgers.Stands(cancel);
        var current = StandOf(stands, row.Current, GenerationState.Current);
        if (row.Beside is not { } beside) return [current];
        var state = row.WasRead ? GenerationState.Old : HasCaughtUp(stands, beside) ? GenerationState.Ready : GenerationState.Building;
        var stand = StandOf(stands, beside, state) with { Since = row.Since };
        if (row.WasRead) return [current, stand with { KeptUntil = row.KeptUntil }];
        if (state == GenerationState.Ready) return [current, stand];
        // What a node takes is of all its ledgers.
        var nodes = stands.DistinctBy(s => s.Node).ToList();
        var (events, facts) = (nodes.Sum(s => s.Of(beside)?.EventsPerSecond ?? 0), nodes.Sum(s => s.Of(beside)?.FactsPerSecond ?? 0));
        return
        [
            current, stand with
            {
                Throttle = row.Throttle, HeldBy = nodes.Select(s => s.HeldBy).FirstOrDefault(by => by is not null), FactsPerSecond = facts,
                Eta = events > 0 && Far(stand, events) is { } far ? time.GetUtcNow() + far : null,
            },
        ];
    }

    /// <summary>A build that hardly moves comes to no time that could be told.</summary>
    private static TimeSpan? Far(GenerationStand stand, double perSecond) =>
        (stand.Newest - stand.Events) / perSecond is var seconds and < 86_400 * 365 ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : null;

    private static GenerationStand StandOf(IReadOnlyList<LedgerStand> stands, int generation, GenerationState state) =>
        new(generation, state, stands.Sum(s => s.Of(generation)?.Place ?? 0), stands.Sum(s => s.Newest), null);

    /// <summary>Not as long as a ledger is away.</summary>
    private bool HasCaughtUp(IReadOnlyList<LedgerStand> stands, int generation) =>
        stands.Count == ledgers.Count && stands.All(s => s.HasCaughtUp(generation, time.GetUtcNow()));

    /// <summary>One that does not answer looks by itself, each ten seconds.</summary>
    private async Task Tell() => await Task.WhenAll(Enumerable.Range(0, ledgers.Count).Select(ledger =>
        ledgers.Ask(ledger, new GenerationsChanged(ReadModel.Messages), LedgerTimeout, CancellationToken.None)));
}
