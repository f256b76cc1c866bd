namespace AkkaMail.Smtp.Sending;

/// <summary>
/// How many messages a receiver takes on one connection, learnt from where it closed one. Its limit is no reason to send
/// less: the next mail goes on another connection, and later ones are closed before it has to say so. Forgotten after an
/// hour: it may have been a host that was shutting down.
/// </summary>
internal sealed class MessageBounds(TimeProvider time)
{
    public static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    /// <summary>At this bound nothing new is learnt until old ones expire.</summary>
    private const int TargetsMax = 10_000;

    private readonly Dictionary<Target, Bound> _bounds = [];

    /// <summary>
    /// Where it closed without a word, it is a bound when a connection that was opened since ended there too: a host that
    /// shuts down closes all of them at once.
    /// </summary>
    private readonly record struct Bound(int Messages, bool IsSure, DateTimeOffset At)
    {
        public bool Holds(DateTimeOffset now) => now - At < Keep;
    }

    /// <summary>Messages to send on a connection to <paramref name="target"/>, <paramref name="most"/> at most.</summary>
    public int Of(in Target target, int most)
    {
        lock (_bounds)
            return _bounds.Count > 0 && _bounds.TryGetValue(target, out var bound) && bound.IsSure
                && bound.Holds(time.GetUtcNow()) ? Math.Min(most, bound.Messages) : most;
    }

    /// <summary>A connection was closed after so many <paramref name="messages"/>.</summary>
    /// <param name="opened">When it was opened.</param>
    /// <param name="isSaid">The receiver has said that they were too many for one.</param>
    public void Closed(in Target target, int messages, DateTimeOffset opened, bool isSaid)
    {
        if (messages < 1) return;
        var now = time.GetUtcNow();
        lock (_bounds)
        {
            var isKnown = _bounds.TryGetValue(target, out var known) && known.Holds(now);
            if (isKnown && known.IsSure && !isSaid) return;
            if (!isKnown && _bounds.Count >= TargetsMax)
            {
                foreach (var (old, bound) in _bounds)
                    if (!bound.Holds(now)) _bounds.Remove(old);
                if (_bounds.Count >= TargetsMax) return;
            }
            var isSure = isSaid || isKnown && known.Messages == messages && opened > known.At;
            _bounds[target] = new(messages, isSure, now);
        }
    }
}
