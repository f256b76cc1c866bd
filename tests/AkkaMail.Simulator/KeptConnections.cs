using AkkaMail.Core.Leases;
using AkkaMail.Core.Shaping;

namespace AkkaMail.Simulator;

/// <summary>A connection to the receiver, and the messages it has carried.</summary>
internal sealed class Connection
{
    public int Messages { get; set; }
    public DateTimeOffset IdleSince { get; set; }
}

/// <summary>
/// A node's connections, kept and opened as the engine does it: the last one back goes out first, it is closed after so
/// many messages or ten idle seconds, and so many are opened in a minute.
/// </summary>
internal sealed class KeptConnections(SimulatedReceiver receiver, string address, LaneLimits limits)
{
    private static readonly TimeSpan IdleMost = TimeSpan.FromSeconds(10);
    private readonly List<Connection> _idle = [];
    private Gcra _opening;
    private int _most = limits.MessagesPerConnection;

    public int Idle => _idle.Count;

    /// <summary>One that is kept, or a new one; null: none may be opened yet.</summary>
    public Connection? Take(DateTimeOffset now)
    {
        _idle.RemoveAll(c => now - c.IdleSince > IdleMost);
        if (_idle.Count == 0) return Open(now);
        var kept = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        return kept;
    }

    private Connection? Open(DateTimeOffset now)
    {
        if (limits.ConnectionRate is not { } rate) return new();
        if (_opening.Wait(rate.PerSecond, rate.BurstOrDefault, now) > TimeSpan.Zero) return null;
        _opening.Take(rate.PerSecond, now);
        return new();
    }

    /// <summary>
    /// What a message on it is told, also where the connection is refused; null: on this one nothing, a fresh one is due.
    /// </summary>
    /// <param name="open">Connections of all nodes, without this one.</param>
    public Answer? Send(Connection connection, TimeSpan at, ulong number, int open)
    {
        if (connection.Messages == 0 && receiver.Connect(at, address, open) is { } refused) return refused;
        var said = receiver.Take(at, address, number, ++connection.Messages);
        if (!said.IsConnectionFull || connection.Messages == 1) return said;
        _most = connection.Messages - 1;
        return null;
    }

    /// <summary>It has its answer: it is kept, unless that closes it.</summary>
    public void Return(Connection connection, Answer said, DateTimeOffset now)
    {
        if (connection.Messages == 0 || connection.Messages >= _most || said.Reply is not { Code: not 421 }) return;
        connection.IdleSince = now;
        _idle.Add(connection);
    }
}
