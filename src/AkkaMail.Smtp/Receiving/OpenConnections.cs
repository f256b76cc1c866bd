using System.Net;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Who is connected, so that no client takes every place. A client is forgotten with its last connection: there are
/// never more of them here than connections, however many addresses somebody has.
/// </summary>
internal sealed class OpenConnections(int max, int perClientMax)
{
    private readonly Dictionary<IPAddress, Client> _clients = [];
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly int _waitingMax = Math.Max(1, max / 4);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int Clients { get { lock (_clients) return _clients.Count; } }

    /// <summary>
    /// A place, or waits <paramref name="patience"/> for one: who closes a connection and opens the next at once may be
    /// seen to do it in the other order. Of one client no more than twice as many wait as may be open, of all a quarter
    /// of <paramref name="max"/>: more are refused at once.
    /// </summary>
    /// <param name="client">Null when it has no address (a Unix socket).</param>
    public async Task<Entrance> EnterAsync(
        IPAddress? client, TimeSpan patience, TimeProvider time, CancellationToken gone)
    {
        LinkedListNode<Waiting> waiting;
        lock (_clients)
        {
            var entrance = TryEnter(client);
            if (entrance.Place is not null || patience <= TimeSpan.Zero || _waiting.Count >= _waitingMax
                || client is not null && _waiting.Count(w => client.Equals(w.Client)) >= 2 * perClientMax)
                return entrance;
            waiting = _waiting.AddLast(new Waiting(client));
        }
        await ((Task)waiting.Value.Entered.Task).WaitAsync(patience, time, gone)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_clients)
        {
            // Whoever gave it a place has taken it out.
            if (waiting.List is null) return waiting.Value.Entered.Task.Result;
            _waiting.Remove(waiting);
            return TryEnter(client);
        }
    }

    private Entrance TryEnter(IPAddress? client)
    {
        if (_count >= max) return new(null, ClientHasEnough: false);
        if (client is not null)
        {
            var own = _clients.GetValueOrDefault(client);
            // Who says QUIT and stays has not left: there are never more than twice as many of it.
            if (own.Open >= perClientMax || own.Open + own.Leaving >= 2 * perClientMax)
                return new(null, ClientHasEnough: true);
            _clients[client] = own with { Open = own.Open + 1 };
        }
        _count++;
        return new(new Place(this, client), ClientHasEnough: false);
    }

    private void Change(IPAddress? client, int open, int leaving)
    {
        lock (_clients)
        {
            if (open + leaving < 0) _count--;
            if (client is not null)
            {
                var own = _clients[client];
                own = new(own.Open + open, own.Leaving + leaving);
                if (own == default) _clients.Remove(client); else _clients[client] = own;
            }
            for (var first = _waiting.First; first is not null;)
            {
                var next = first.Next;
                if (TryEnter(first.Value.Client) is { Place: not null } entrance)
                {
                    _waiting.Remove(first);
                    first.Value.Entered.SetResult(entrance);
                }
                first = next;
            }
        }
    }

    private readonly record struct Client(int Open, int Leaving);

    private sealed record Waiting(IPAddress? Client)
    {
        public TaskCompletionSource<Entrance> Entered { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Of one connection, from its accept until its socket is closed.</summary>
    internal sealed class Place(OpenConnections all, IPAddress? client) : IDisposable
    {
        private readonly Lock _lock = new();
        private bool _isLeaving, _isFree;

        /// <summary>
        /// The client has said QUIT, or is gone: one more of it may come. The connection itself counts until the end.
        /// </summary>
        public void Leave()
        {
            lock (_lock)
            {
                if (_isLeaving) return;
                _isLeaving = true;
                all.Change(client, -1, 1);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_isFree) return;
                if (_isLeaving) all.Change(client, 0, -1); else all.Change(client, -1, 0);
                _isLeaving = _isFree = true;
            }
        }
    }
}

/// <summary>A place, or none: of the server, or with <paramref name="ClientHasEnough"/> of this client.</summary>
internal readonly record struct Entrance(OpenConnections.Place? Place, bool ClientHasEnough);
