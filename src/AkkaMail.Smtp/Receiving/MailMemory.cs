namespace AkkaMail.Smtp.Receiving;

/// <summary>
/// Octets of memory that all mails being read have taken: a thousand connections with 25 MB each would be the end of
/// the process.
/// </summary>
internal sealed class MailMemory(long max)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    /// <summary>Who is no client may fill half of it, so that those who are still get in.</summary>
    public bool TryTake(int octets, bool isClient)
    {
        if (Interlocked.Add(ref _used, octets) <= (isClient ? max : max / 2)) return true;
        Interlocked.Add(ref _used, -octets);
        return false;
    }

    public void Return(int octets) => Interlocked.Add(ref _used, -octets);
}
