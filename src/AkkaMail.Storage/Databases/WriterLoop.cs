using System.Diagnostics;
using System.Threading.Channels;
using AkkaMail.Core.Mail;

namespace AkkaMail.Storage.Databases;

/// <summary>
/// How much one group commit takes, and how much may wait for the next before a write is refused at once.
/// </summary>
public sealed record WriterBounds(int BatchMax, int WaitingMax, long BatchBytesMax, long WaitingBytesMax)
{
    /// <summary>
    /// Commits begin at least this far apart: a sync takes as long for one write as for a hundred, and one that comes
    /// after a pause waits for nobody. Default: as soon as the one before has ended.
    /// </summary>
    public TimeSpan Pace { get; init; }
}

/// <summary>
/// The one writer of a database. Writes gather while a commit is under way; then one transaction takes them all (a sync
/// costs milliseconds, a row microseconds). A task completes after its commit, or fails with a
/// <see cref="StoreException"/>; the loop itself goes on.
/// </summary>
public sealed class WriterLoop<TSession> : IAsyncDisposable where TSession : Session
{
    private readonly Channel<Job> _waiting;
    private readonly Database _database;
    private readonly Func<Database, TSession> _open;
    private readonly WriterBounds _bounds;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AutoResetEvent _wake = new(false);
    private TSession? _session;
    private long _waitingBytes, _commits;

    public WriterLoop(string name, Database database, Func<Database, TSession> open, WriterBounds bounds)
    {
        (_database, _open, _bounds) = (database, open, bounds);
        _waiting = Channel.CreateBounded<Job>(new BoundedChannelOptions(bounds.WaitingMax) { SingleReader = true });
        // A thread of its own: it blocks, and a blocked pool thread is one the actors miss.
        new Thread(Loop) { IsBackground = true, Name = name }.Start();
    }

    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>
    /// Runs <paramref name="write"/> in the next commit. It may run twice: again alone if a neighbour failed.
    /// </summary>
    public Task<T> Run<T>(Func<TSession, T> write, long bytes = 0)
    {
        var job = new Job<T>(write, bytes);
        if (Interlocked.Add(ref _waitingBytes, bytes) <= _bounds.WaitingBytesMax && _waiting.Writer.TryWrite(job))
            return job.Task;
        Interlocked.Add(ref _waitingBytes, -bytes);
        return Task.FromException<T>(_database.Fault("too many writes are waiting, or the store is closed", null));
    }

    private void Loop()
    {
        var batch = new List<Job>();
        long began = 0;
        while (WaitForWork())
        {
            batch.Clear();
            var early = began == 0 ? TimeSpan.Zero : _bounds.Pace - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero) _wake.WaitOne(early);   // Nobody wakes it here: what comes meanwhile joins.
            began = Stopwatch.GetTimestamp();
            for (long bytes = 0;
                batch.Count < _bounds.BatchMax && bytes < _bounds.BatchBytesMax && _waiting.Reader.TryRead(out var job);
                bytes += job.Bytes)
            {
                batch.Add(job);
                Interlocked.Add(ref _waitingBytes, -job.Bytes);
            }
            Commit(batch);
        }
        _session?.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Sleeps in the kernel: waiting on a task would spin first, and the cores are needed elsewhere.</summary>
    private bool WaitForWork()
    {
        var ready = _waiting.Reader.WaitToReadAsync().AsTask().ConfigureAwait(false).GetAwaiter();
        if (!ready.IsCompleted)
        {
            ready.UnsafeOnCompleted(() => _wake.Set());
            _wake.WaitOne();
        }
        return ready.GetResult();
    }

    private void Commit(IReadOnlyList<Job> batch, int attempt = 1)
    {
        try
        {
            _session ??= _open(_database);
            _session.Begin();
            foreach (var job in batch) job.Write(_session);
            _session.Commit();
        }
        catch (Exception e)
        {
            _session?.Dispose();
            _session = null;
            if (_database.IsWorthAnotherTry(e) && attempt < Database.Tries) Commit(batch, attempt + 1);
            else if (batch.Count > 1 && !_database.IsFault(e))
                foreach (var job in batch) Commit([job]);   // One of them is poisoned: it fails alone.
            else
                foreach (var job in batch) job.Fail(_database.Fault(e));
            return;
        }
        Interlocked.Increment(ref _commits);
        foreach (var job in batch) job.Complete();
    }

    /// <summary>Writes what is waiting, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopped.Task;
        _wake.Dispose();
    }

    private abstract class Job(long bytes)
    {
        public long Bytes => bytes;
        public abstract void Write(TSession session);
        public abstract void Complete();
        public abstract void Fail(Exception e);
    }

    private sealed class Job<T>(Func<TSession, T> write, long bytes) : Job(bytes)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;
        public override void Write(TSession session) => _result = write(session);
        public override void Complete() => _done.SetResult(_result!);
        public override void Fail(Exception e) => _done.SetException(e);
    }
}
