namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Whether this node does what only one of the cluster should. The <see cref="HousekeeperActor"/> says so again and again,
/// and a word of it holds for <see cref="Holds"/>: a node that stood still has the duty no more when it wakes, and does not
/// take it up before it must have heard that another has it meanwhile.
/// </summary>
public sealed class Duty(TimeProvider time)
{
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500), Holds = TimeSpan.FromSeconds(3);

    /// <summary>After it stood still; gossip says within that whether it was downed.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _told, _woke;

    public bool IsHere
    {
        get
        {
            lock (_lock)
                return _told is { } told && time.GetElapsedTime(told) < Holds
                    && !(_woke is { } woke && time.GetElapsedTime(woke) < Rest);
        }
    }

    /// <summary>Done when this node has it.</summary>
    public async Task Begun(CancellationToken cancel)
    {
        while (!IsHere) await Task.Delay(Every, time, cancel);
    }

    /// <summary>Runs while this node has it: begins when it comes, is cancelled when it goes, and begins again.</summary>
    public async Task While(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await Begun(cancel);
            using var here = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var running = work(here.Token);
            while (IsHere && !running.IsCompleted && !cancel.IsCancellationRequested)
                await Task.WhenAny(running, Task.Delay(Every, time, cancel));
            var ended = running.IsCompleted;
            await here.CancelAsync();
            try { await running; }
            catch (OperationCanceledException) when (!ended) { }
        }
        cancel.ThrowIfCancellationRequested();
    }

    internal void Tell()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_told is { } last && time.GetElapsedTime(last, now) >= Holds) _woke = now;
            _told = now;
        }
    }

    internal void TakeAway()
    {
        lock (_lock) (_told, _woke) = (null, null);
    }
}
