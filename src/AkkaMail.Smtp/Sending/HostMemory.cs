namespace AkkaMail.Smtp.Sending;

/// <summary>
/// Hosts that something is wrong with, for a time. At its bound nothing new is remembered until old ones expire.
/// </summary>
internal sealed class HostMemory(TimeSpan keep, int max, TimeProvider time)
{
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.OrdinalIgnoreCase);

    public bool Contains(string host)
    {
        lock (_until) return _until.Count > 0 && _until.TryGetValue(host, out var until) && until > time.GetUtcNow();
    }

    public void Add(string host)
    {
        var now = time.GetUtcNow();
        lock (_until)
        {
            if (_until.Count >= max)
                foreach (var (old, until) in _until)
                    if (until <= now) _until.Remove(old);
            if (_until.Count < max) _until[host] = now + keep;
        }
    }
}
