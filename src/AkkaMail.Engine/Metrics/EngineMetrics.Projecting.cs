using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaMail.Core.Projecting;

namespace AkkaMail.Engine.Metrics;

/// <summary>
/// How far a reader is in a ledger: the number it has, and the ledger's newest. Nothing that it lacks was recorded before
/// <paramref name="Lacks"/>; null: it lacks nothing.
/// </summary>
public readonly record struct ReaderPlace(int Partition, long Place, long Newest, DateTimeOffset? Lacks)
{
    public long Lag => Math.Max(0, Newest - Place);
}

public sealed partial class EngineMetrics
{
    private readonly ConcurrentDictionary<(string Reader, int Generation, int Partition), ReaderPlace> _places = new();
    private readonly ConcurrentDictionary<int, (string Reader, int Generation)> _readFrom = new();
    private readonly RecentDurations _commits = new();

    /// <summary>Events a reader is behind, over all partitions; a projection has a generation, a reactor 0.</summary>
    public long LagOf(string reader, int generation = 0) => PlacesOf(reader, generation).Sum(p => p.Lag);

    /// <summary>Of the partitions whose ledgers live on this node, as last told.</summary>
    public IReadOnlyList<ReaderPlace> PlacesOf(string reader, int generation) =>
        [.. _places.Where(p => p.Key.Reader == reader && p.Key.Generation == generation).Select(p => p.Value)];

    /// <summary>Null: there is no such reader on this node.</summary>
    internal ReaderPlace? PlaceOf(string reader, int generation, int partition) =>
        _places.TryGetValue((reader, generation, partition), out var place) ? place : null;

    /// <summary>What a build looks at before each page.</summary>
    internal LiveSigns Signs(DateTimeOffset now) => new(
        _readFrom.Select(r => _places.TryGetValue((r.Value.Reader, r.Value.Generation, r.Key), out var place)
            && place.Lacks is { } at ? now - at : TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Max(),
        _commits.P99(now));

    internal void Reached(string reader, int generation, ReaderPlace place) =>
        _places[(reader, generation, place.Partition)] = place;

    internal void Forget(string reader, int generation, int partition) => _places.TryRemove((reader, generation, partition), out _);

    /// <summary>Which generation lists of a ledger are read from; null: it has stopped.</summary>
    internal void ReadFrom(int partition, (string Reader, int Generation)? read)
    {
        if (read is { } one) _readFrom[partition] = one;
        else _readFrom.TryRemove(partition, out _);
    }

    private void CreateReaderInstruments() => _meter.CreateObservableGauge("akkamail.projector.lag",
        () => _places.Select(p => new Measurement<long>(p.Value.Lag, [
            new("projection", p.Key.Reader), new("partition", p.Key.Partition),
            .. p.Key.Generation > 0 ? (KeyValuePair<string, object?>[])[new("generation", p.Key.Generation)] : []])),
        "{event}", "Events stored that a projection or reactor has not taken in yet");
}
