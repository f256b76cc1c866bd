using System.Buffers.Binary;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace AkkaMail.Engine.Links;

/// <summary>
/// One connection between two nodes: frames of four bytes of length (little-endian) and so many of payload, as
/// Akka.Remote's own transport sends them. One thread reads and one writes, so that nothing that waits elsewhere, such as
/// a thread pool full of calls to a database that hangs, makes a node look dead.
/// </summary>
internal sealed class NodeLink : AssociationHandle
{
    /// <summary>What a stream takes at once.</summary>
    private const int BufferBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _news = new(false);
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly ILoggingAdapter _log;
    private readonly int _frameMax;
    private readonly TimeSpan _farewell;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<ByteString> _waiting = [], _spare = [];
    private long _waitingBytes;
    private Timer? _limit;
    private volatile bool _isGivenUp, _isClosed;
    private int _users = 2;

    /// <param name="farewell">How long what waits may still take once the link is given up.</param>
    public NodeLink(
        Address local, Address remote, Socket socket, Stream stream, int frameMax, TimeSpan farewell, ILoggingAdapter log)
        : base(local, remote)
    {
        (_socket, _stream, _frameMax, _farewell, _log) = (socket, stream, frameMax, farewell, log);
        // With continuations that run at once the rest of who sets the source would run in ours.
        ReadHandlerSource = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Done when the socket is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Writes from now on; reads once somebody listens.</summary>
    public void Begin()
    {
        Start("link-write", WriteAll);
        ReadHandlerSource.Task.ContinueWith(
            listener => Start("link-read", () => ReadAll(listener.Result)),
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    /// <summary>
    /// False: nothing was taken, and Akka.Remote asks again in a moment. So it is once two of the largest frames wait:
    /// the other side reads more slowly than this one writes.
    /// </summary>
    public override bool Write(ByteString payload)
    {
        lock (_gate)
        {
            if (_isGivenUp || _isClosed || (_waitingBytes > 0 && _waitingBytes + payload.Length > 2L * _frameMax)) return false;
            _waitingBytes += payload.Length;
            _waiting.Add(payload);
        }
        _news.Set();
        return true;
    }

    /// <summary>What waits is still sent, as long as the farewell lasts; what comes is not heeded any more.</summary>
    [Obsolete("Overrides what is obsolete.")]
    public override void Disassociate() => GiveUp();

    public void GiveUp()
    {
        lock (_gate)
        {
            if (_isGivenUp || _isClosed) return;
            _isGivenUp = true;
            _limit = new Timer(_ => Close(), null, _farewell, Timeout.InfiniteTimeSpan);
        }
        _news.Set();
    }

    private void WriteAll()
    {
        try
        {
            var to = new BufferedStream(_stream, BufferBytes);
            Span<byte> length = stackalloc byte[sizeof(int)];
            while (Next() is { } frames)
            {
                foreach (var frame in frames)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(length, frame.Length);
                    to.Write(length);
                    to.Write(frame.Span);
                }
                to.Flush();
                frames.Clear();
            }
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsOfAConnection(e)) { Close(); }
    }

    /// <summary>All that waits; null: the link was given up and nothing waits any more.</summary>
    private List<ByteString>? Next()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    (_waiting, _spare, _waitingBytes) = (_spare, _waiting, 0);
                    return _spare;
                }
                if (_isGivenUp || _isClosed) return null;
            }
            _news.WaitOne();
        }
    }

    private void ReadAll(IHandleEventListener listener)
    {
        try
        {
            var from = new BufferedStream(_stream, BufferBytes);
            Span<byte> length = stackalloc byte[sizeof(int)];
            while (from.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length)
            {
                var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
                if (bytes < 0 || bytes > _frameMax)
                {
                    _log.Warning("{0} announced a frame of {1} bytes, of {2} at most: the link to it ends", RemoteAddress, (uint)bytes, _frameMax);
                    break;
                }
                var payload = new byte[bytes];
                from.ReadExactly(payload);
                if (!_isGivenUp) listener.Notify(new InboundPayload(UnsafeByteOperations.UnsafeWrap(payload)));
            }
        }
        catch (Exception e) when (IsOfAConnection(e)) { }
        // Also when it was the writer that found out: who is not told takes the link for a slow one, and waits.
        if (!_isGivenUp) listener.Notify(new Disassociated(DisassociateInfo.Unknown));
        Close();
    }

    private void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _limit?.Dispose();
        }
        _news.Set();
        _socket.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>A socket that another thread has closed says so in several ways.</summary>
    private static bool IsOfAConnection(Exception e) => e is IOException or SocketException or ObjectDisposedException;

    private void Start(string name, Action run)
    {
        void Body()
        {
            run();
            if (Interlocked.Decrement(ref _users) == 0) _stream.Dispose();
        }
        new Thread(Body) { Name = name, IsBackground = true }.Start();
    }
}
