namespace AkkaMail.Engine.Cluster;

/// <summary>
/// Notices that this process has stood still: frozen, suspended with its machine, or starved. What it has at hand then is
/// long somebody else's, and nothing tells it before it would go on with it; so it begins nothing for a moment, in which
/// gossip comes. By a clock that only goes forward.
/// </summary>
public sealed class Standstill(TimeProvider time)
{
    /// <summary>Who is told the time each second has not been for so long.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(3);

    /// <summary>By then it has heard that it was taken for dead, if it was.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private long _beat = time.GetTimestamp();
    private long _since = long.MinValue;

    /// <summary>Told with everything that the delivery hears. True: it stood still until now.</summary>
    public bool Beat()
    {
        var (now, before) = (time.GetTimestamp(), Volatile.Read(ref _beat));
        Volatile.Write(ref _beat, now);
        if (time.GetElapsedTime(before, now) < Gap) return false;
        Volatile.Write(ref _since, now);
        return true;
    }

    /// <summary>
    /// Whether anything may begin. Asked before a mail goes on the wire too: a connection may wake before the actor does.
    /// </summary>
    public bool IsAwake => time.GetElapsedTime(Volatile.Read(ref _beat)) < Gap
        && (Volatile.Read(ref _since) is var since && since == long.MinValue || time.GetElapsedTime(since) >= Pause);
}
