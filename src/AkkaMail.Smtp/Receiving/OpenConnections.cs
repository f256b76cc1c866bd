using System.Net;

namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Who is connected, so that no client takes every place. A client is forgotten with its last connection: there are
/// never more of them here than connections, however many addresses somebody has.
/// </summary>
internal sealed class OpenConnections(int max, int perClientMax)
{
    private readonly Dictionary<IPAddress, int> _clients = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int Clients { get { lock (_clients) return _clients.Count; } }

    /// <summary>Counts one more; <paramref name="client"/> is null when it has no address (a Unix socket).</summary>
    public Entrance Enter(IPAddress? client)
    {
        lock (_clients)
        {
            if (_count >= max) return Entrance.Full;
            if (client is not null)
            {
                var own = _clients.GetValueOrDefault(client);
                if (own >= perClientMax) return Entrance.ClientHasEnough;
                _clients[client] = own + 1;
            }
            _count++;
            return Entrance.Open;
        }
    }

    public void Leave(IPAddress? client)
    {
        lock (_clients)
        {
            _count--;
            if (client is null) return;
            if (--_clients[client] == 0) _clients.Remove(client);
        }
    }
}

internal enum Entrance { Open, Full, ClientHasEnough }
