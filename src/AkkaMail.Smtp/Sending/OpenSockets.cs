namespace AkkaMail.Smtp.Sending;

/// <summary>How many connections are open, over all lanes.</summary>
internal sealed class OpenSockets(int max)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _count) <= max) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _count);
}
