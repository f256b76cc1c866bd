using System.Collections.Immutable;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Projecting;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.History;

namespace AkkaMail.Storage.Messages;

/// <summary>
/// The projection <c>messages</c>: the generation that is read, and at most one beside it, which is being built or was
/// read before. Which is which is a row of the history, which any node may change: where there are several each looks again
/// and again. Faults are <see cref="StoreException"/>s, and change nothing.
/// </summary>
public sealed class MessageGenerations : IAsyncDisposable
{
    private readonly Database _first;
    private readonly HistoryStore _history;
    private readonly MessageRetention? _retention;
    private readonly TimeProvider _time;
    private readonly TimeSpan _othersRead;
    private readonly SemaphoreSlim _one = new(1);
    private volatile Held _held;

    /// <summary>Opens what is noted, or what is left of it.</summary>
    /// <param name="othersRead">
    /// How long other nodes may read on from what has been dropped, and write to it; none: there is no other node.
    /// </param>
    public MessageGenerations(Database first, HistoryStore history, MessageRetention? retention = null, TimeProvider? time = null,
        TimeSpan othersRead = default)
    {
        _othersRead = othersRead;
        _first = first with { Store = ReadModel.Name };
        (_history, _retention, _time) = (history, retention, time ?? TimeProvider.System);
        var there = _first.Generations();
        var row = history.Generations(ReadModel.Messages) ?? First(there);
        // The one that was read is lost and the one before is not: nobody wants to see it grow from nothing.
        if (!there.Contains(row.Current) && row is { Beside: { } before, WasRead: true } && there.Contains(before))
            row = history.SwapGenerations(ReadModel.Messages, row.Current, before, _time.GetUtcNow()) ?? row;
        // Lost, as after a restore: there is no way back to what would have to be built first.
        if (row is { Beside: { } old, WasRead: true } && !there.Contains(old))
            row = history.EndGeneration(ReadModel.Messages, old) ?? row;
        _held = new(row, Open(row.Current), row.Beside is { } beside ? Open(beside) : null);
        try { EraseLeft(); }
        catch (StoreException) { }   // Somebody dumps it, or the disk only reads: no reason not to start.
    }

    /// <summary>What an order that was interrupted has left goes; how many.</summary>
    public int EraseLeft()
    {
        var row = _held.Row;
        var left = _first.Generations().Where(n => n <= row.Newest && n != row.Current && n != row.Beside).ToList();
        foreach (var number in left) _first.Generation(number).Erase();
        return left.Count;
    }

    /// <summary>To be asked for each query: from one to the next it may be another.</summary>
    public ReadModel Current => _held.Current;

    public GenerationsRow Row => _held.Row;

    /// <summary>The one that is read comes first.</summary>
    public IReadOnlyList<(int Generation, ReadModel Model)> All => _held is { Row.Beside: { } number, Beside: { } beside } h
        ? [(h.Row.Current, h.Current), (number, beside)] : [(_held.Row.Current, _held.Current)];

    /// <summary>Core's <see cref="Generations"/>.</summary>
    public ImmutableArray<Projection> ToProjections() => _held is { Row.Beside: { } number, Beside: { } beside } h
        ? [h.Current.ToProjection(h.Row.Current), beside.ToProjection(number, h.Row.Throttle)]
        : [_held.Current.ToProjection(_held.Row.Current)];

    /// <summary>Begins another, empty, beside the one that is read. False: there is one already.</summary>
    public Task<bool> Begin(double throttle, CancellationToken cancel) => OneByOne(() =>
    {
        if (_history.BeginGeneration(ReadModel.Messages, _held.Row, throttle, _time.GetUtcNow(),
            number => _first.Generation(number).Erase()) is not { Beside: { } number } row)   // Of a history that has been lost.
            return LookAgain();
        try { return Adopt(row); }
        catch
        {
            try { _history.EndGeneration(ReadModel.Messages, number); }
            catch (StoreException) { }   // The next order sees what is noted.
            throw;
        }
    }, cancel);

    /// <summary>This one, beside, is read from now on, and what was read is kept. False: it is not beside.</summary>
    public Task<bool> Swap(int beside, CancellationToken cancel) => OneByOne(() =>
    {
        if (_held.Row is var was && was.Beside != beside) return false;
        return _history.SwapGenerations(ReadModel.Messages, was.Current, beside, _time.GetUtcNow()) is { } row
            ? Adopt(row) : LookAgain();
    }, cancel);

    /// <summary>
    /// This one, beside, goes. <paramref name="letGo"/> is awaited before it does: who writes to it should hear of it. False:
    /// it is not beside.
    /// </summary>
    public async Task<bool> End(int beside, Func<Task> letGo, CancellationToken cancel)
    {
        ReadModel? gone = null;
        await OneByOne(() =>
        {
            if (_held is not { Beside: { } model } h || h.Row.Beside != beside) return false;
            if (_history.EndGeneration(ReadModel.Messages, beside) is not { } row) return LookAgain();
            gone = model;
            return Adopt(row);
        }, cancel);
        if (gone is null) return false;
        await letGo();
        await gone.DisposeAsync();
        if (_othersRead > TimeSpan.Zero) await Task.Delay(_othersRead, _time, CancellationToken.None);
        try { await Task.Run(() => _first.Generation(beside).Erase(), CancellationToken.None); }
        catch (StoreException) { }   // It is over; what is left of it goes later.
        return true;
    }

    /// <summary>
    /// Looks at what is noted, since another node may have given an order. True: it did, and the ledgers here have not heard
    /// of it.
    /// </summary>
    public Task<bool> Look(CancellationToken cancel) => OneByOne(() =>
    {
        var was = _held.Row;
        LookAgain();
        return _held.Row != was;
    }, cancel);

    private async Task<bool> OneByOne(Func<bool> order, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try { return await Task.Run(order, CancellationToken.None); }
        finally { _one.Release(); }
    }

    private bool Adopt(GenerationsRow row)
    {
        var was = _held;
        _held = new(row, Of(row.Current), row.Beside is { } beside ? Of(beside) : null);
        return true;

        ReadModel Of(int number) => number == was.Row.Current ? was.Current
            : number == was.Row.Beside ? was.Beside! : Open(number);
    }

    /// <summary>It may not be as it was: by another node, or by an order of before that was stored though its answer was lost.</summary>
    private bool LookAgain()
    {
        var was = _held;
        if (_history.Generations(ReadModel.Messages) is { } row && row != was.Row) Adopt(row);
        foreach (var model in new[] { was.Current, was.Beside })
            if (model is not null && model != _held.Current && model != _held.Beside) _ = model.DisposeAsync().AsTask();
        return false;
    }

    private ReadModel Open(int generation) => new(_first.Generation(generation), _retention, _time);

    /// <summary>
    /// Nothing is noted; where the history was lost, what is there may be another than the first. What was being built has
    /// the highest number.
    /// </summary>
    private static GenerationsRow First(IReadOnlyList<int> there) =>
        new(there is [var lowest, ..] ? lowest : 1, null, false, default, 0, there is [.., var last] ? last : 1);

    public async ValueTask DisposeAsync()
    {
        await _held.Current.DisposeAsync();
        if (_held.Beside is { } beside) await beside.DisposeAsync();
        _one.Dispose();
    }

    private sealed record Held(GenerationsRow Row, ReadModel Current, ReadModel? Beside);
}
