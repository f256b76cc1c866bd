namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Kept connections by where they lead: each source has its own. Last in, first out: the ones not needed grow old
/// together and are closed.
/// </summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    private readonly SendingOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<Target, Stack<SmtpConnection>> _kept = [];
    private readonly ITimer _sweep;
    private int _count;
    private bool _closed;

    public ConnectionPool(SendingOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var period = options.Idle / 2;
        _sweep = time.CreateTimer(_ => Close(TakeIdle()), null, period, period);
    }

    public SmtpConnection? Take(in Target target)
    {
        while (Pop(target) is { } connection)
        {
            if (connection.IsQuiet) return connection;
            connection.Close();   // The receiver closed it meanwhile.
        }
        return null;
    }

    private SmtpConnection? Pop(in Target target)
    {
        lock (_kept)
        {
            if (!_kept.TryGetValue(target, out var stack)) return null;
            var connection = stack.Pop();
            if (stack.Count == 0) _kept.Remove(target);
            _count--;
            return connection;
        }
    }

    /// <summary>Closed at <paramref name="messagesMax"/>: receivers count, and balance by connection.</summary>
    public void Return(SmtpConnection connection, int messagesMax)
    {
        connection.IdleSince = _time.GetUtcNow();
        if (connection is { IsConnected: true, IsSpoiled: false } && connection.Messages < messagesMax)
        {
            lock (_kept)
            {
                if (!_closed && _count < Math.Min(_options.IdleConnectionsMax, Math.Max(1, _options.ConnectionsMax / 2)))
                {
                    if (!_kept.TryGetValue(connection.Target, out var stack))
                        _kept[connection.Target] = stack = new();
                    stack.Push(connection);
                    _count++;
                    return;
                }
            }
        }
        _ = connection.QuitAsync();   // Nobody has to wait for a farewell.
    }

    private List<SmtpConnection> TakeIdle()
    {
        var before = _time.GetUtcNow() - _options.Idle;
        List<SmtpConnection> idle = [];
        lock (_kept)
        {
            foreach (var (target, stack) in _kept)
            {
                var old = stack.Where(c => c.IdleSince <= before).ToList();
                if (old.Count == 0) continue;
                idle.AddRange(old);
                var young = stack.Where(c => c.IdleSince > before).Reverse().ToList();
                if (young.Count == 0) _kept.Remove(target);
                else _kept[target] = new(young);
            }
            _count -= idle.Count;
        }
        return idle;
    }

    private static void Close(List<SmtpConnection> connections)
    {
        foreach (var connection in connections) _ = connection.QuitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        List<SmtpConnection> all;
        lock (_kept)
        {
            _closed = true;
            all = [.. _kept.Values.SelectMany(s => s)];
            _kept.Clear();
            _count = 0;
        }
        await Task.WhenAll(all.Select(c => c.QuitAsync()));
    }
}
