namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Kept connections by host (source and port are the delivery's own, one pool each). Last in, first out: the
/// ones not needed grow old together and are closed.
/// </summary>
internal sealed class ConnectionPool : IAsyncDisposable
{
    private readonly SendingOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Stack<SmtpConnection>> _kept = new(StringComparer.OrdinalIgnoreCase);
    private readonly ITimer _sweep;
    private int _count;
    private bool _closed;

    public ConnectionPool(SendingOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var period = options.Idle / 2;
        _sweep = time.CreateTimer(_ => Close(TakeIdle()), null, period, period);
    }

    public SmtpConnection? Take(string host)
    {
        while (Pop(host) is { } connection)
        {
            if (connection.IsQuiet) return connection;
            connection.Close();   // The receiver closed it meanwhile.
        }
        return null;
    }

    private SmtpConnection? Pop(string host)
    {
        lock (_kept)
        {
            if (!_kept.TryGetValue(host, out var stack)) return null;
            var connection = stack.Pop();
            if (stack.Count == 0) _kept.Remove(host);
            _count--;
            return connection;
        }
    }

    public void Return(SmtpConnection connection)
    {
        connection.IdleSince = _time.GetUtcNow();
        if (connection is { IsConnected: true, IsSpoiled: false }
            && connection.Messages < _options.MessagesPerConnectionMax)
        {
            lock (_kept)
            {
                if (!_closed && _count < _options.IdleConnectionsMax)
                {
                    if (!_kept.TryGetValue(connection.Host, out var stack)) _kept[connection.Host] = stack = new();
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
            foreach (var (host, stack) in _kept)
            {
                var old = stack.Where(c => c.IdleSince <= before).ToList();
                if (old.Count == 0) continue;
                idle.AddRange(old);
                var young = stack.Where(c => c.IdleSince > before).Reverse().ToList();
                if (young.Count == 0) _kept.Remove(host);
                else _kept[host] = new(young);
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
