namespace AkkaMail.Storage.Content;

/// <summary>The bounds of the content store.</summary>
public sealed record ContentStoreOptions
{
    public static ContentStoreOptions Default { get; } = new();

    /// <summary>
    /// Memory for mails written or read lately. Default 32 MiB; at the bound the least recently used go.
    /// </summary>
    public long CacheBytesMax { get; init; } = 32L << 20;

    /// <summary>Submissions in one group commit. Default 500.</summary>
    public int BatchMax { get; init; } = 500;

    /// <summary>Commits begin at least this far apart, so that writes share a sync. Default 3 ms.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>
    /// Submissions that may wait for a commit. Default 1,000; at the bound a write fails at once (503, 451).
    /// </summary>
    public int WaitingMax { get; init; } = 1_000;

    /// <summary>Encoded bytes that may wait for a commit. Default 256 MB; at the bound a write fails at once.</summary>
    public long WaitingBytesMax { get; init; } = 256L << 20;

    /// <summary>How much longer an envelope (who, to whom) is kept than its content. Default 83 days.</summary>
    public TimeSpan EnvelopeKeptLonger { get; init; } = TimeSpan.FromDays(83);
}
