namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Octets of memory that everything being read has taken, by whichever door it comes: a thousand connections with 25 MB
/// each would be the end of the process.
/// </summary>
public sealed class MailMemory(long max)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    /// <summary>Who is no client may fill half of it, so that those who are still get in.</summary>
    public bool TryTake(long octets, bool isClient)
    {
        if (Interlocked.Add(ref _used, octets) <= (isClient ? max : max / 2)) return true;
        Interlocked.Add(ref _used, -octets);
        return false;
    }

    public void Return(long octets) => Interlocked.Add(ref _used, -octets);
}
